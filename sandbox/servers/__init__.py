"""A real PostgreSQL and a real Redis, shared by whoever holds them, stopped when nobody does."""

from sandbox.servers.holding import Servers, hold

__all__ = ["Servers", "hold"]
