"""The page of people and their working hours."""
