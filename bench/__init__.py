"""Figures side by side, in one run: the service beside the plain way of doing the same. Reported, never judged."""
