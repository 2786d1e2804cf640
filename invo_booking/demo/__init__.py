"""Create the demo institution."""
