"""Zendesk tells us: verify, read, record, acknowledge."""
