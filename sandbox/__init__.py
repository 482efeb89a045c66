"""For this machine only: the local servers, a Zendesk, the DfE services. The service does not know that it exists."""
