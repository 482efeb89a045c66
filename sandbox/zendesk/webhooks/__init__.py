"""Zendesk's webhooks: their API, what happened, and how it is delivered."""
