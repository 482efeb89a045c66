"""Plan, approval, deletion, proof."""
