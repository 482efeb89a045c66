"""Heard and not yet done: recorded once, leased, settled."""
