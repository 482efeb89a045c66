"""The incremental exports of tickets, by time and by cursor."""
