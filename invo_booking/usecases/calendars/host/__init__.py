"""Read the host calendar."""
