"""Is it well: for platforms, for whoever is on call."""
