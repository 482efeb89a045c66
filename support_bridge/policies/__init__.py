"""What each privacy notice promises: which tickets it claims, and for how long they are kept."""
