"""What every page and every answer of the API has in common."""
