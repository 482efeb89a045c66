"""What an agent sees beside a ticket in Zendesk: opened by its signed URL; nothing is fetched until it is asked."""
