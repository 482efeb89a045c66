"""Who and what must be left alone, why, until when."""
