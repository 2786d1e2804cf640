"""What periodic work reads and writes."""
