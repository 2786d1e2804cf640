"""The page of Answers."""
