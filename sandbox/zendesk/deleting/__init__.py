"""How tickets and users are deleted, restored, and deleted by schedule."""
