"""The only code that speaks to Publish and Apply. Nothing leaves it but what the allow-lists name."""
