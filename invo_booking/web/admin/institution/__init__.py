"""The page of the institution and its closed days."""
