"""The DfE services that the bridge asks: Publish's public API and Apply's Candidate API."""
