"""The make-believe account: its people, tickets and chats, and how they change."""
