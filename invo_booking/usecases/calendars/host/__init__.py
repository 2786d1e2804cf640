"""Keep up with the host calendar."""
