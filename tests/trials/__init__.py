"""What takes too long for every test run: each has a short version among the tests, and `make trials` for the whole."""
