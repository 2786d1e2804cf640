"""The page where customers book."""
