"""The only code that speaks to Zendesk. Nothing of zenpy leaves this folder."""
