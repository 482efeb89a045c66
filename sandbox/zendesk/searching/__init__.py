"""Search: its language, its lists, its export."""
