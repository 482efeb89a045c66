"""The four jobs, played end to end, with figures read back from the database and from the sandbox."""
