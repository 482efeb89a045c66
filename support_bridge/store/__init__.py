"""Where what the service knows is kept, and what every column says of itself."""
