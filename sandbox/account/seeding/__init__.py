"""The account as it is at the start: six years of tickets and chats, the same for the same seed and day."""
