"""Numbers only: the mirror, consolidated numbers, and what is shown of them."""
