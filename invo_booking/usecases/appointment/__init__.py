"""Change appointments, for customers and staff alike."""
