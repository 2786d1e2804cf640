"""The page of programs."""
