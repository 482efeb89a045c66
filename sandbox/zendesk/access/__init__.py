"""Who may come in, and how often: tokens, scopes, limits, and what is not there."""
