"""What customers and staff alike do to an appointment, and what follows from it."""
