"""Define the tables, by subject."""
