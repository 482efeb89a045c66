"""What the canary is made of: marks and how to find them, the places to look in, and who carries the marks in."""
