"""A Zendesk account over HTTP: Support, Chat, OAuth and webhooks."""
