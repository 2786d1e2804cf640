"""Routes of staff."""
