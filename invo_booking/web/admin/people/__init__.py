"""The page of people and their hours."""
