"""The app that is installed in Zendesk: an address of ours that it opens beside a ticket, a name, two pictures."""
