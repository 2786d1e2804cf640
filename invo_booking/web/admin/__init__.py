"""Pages of administrators, and what they share."""
