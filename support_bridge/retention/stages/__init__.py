"""The stages of a deletion, a module each: what is done with a batch that stands there."""
