"""What auditors see: who looked up what, for which ticket and purpose."""
