"""Store the data of periodic work."""
