"""A sign-in provider that plays DfE Sign-in, in a process of its own."""
