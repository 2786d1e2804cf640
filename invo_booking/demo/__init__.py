"""The demo institution."""
