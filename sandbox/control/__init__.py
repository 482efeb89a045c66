"""What the sandbox shows and does for tests, outside the APIs it plays."""
