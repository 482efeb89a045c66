"""Later: thin RQ jobs, the clock, the entry of worker and deleter."""
