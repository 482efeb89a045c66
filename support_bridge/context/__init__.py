"""Provider and application context, only when an agent asks; and who asked."""
