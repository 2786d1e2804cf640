"""The page of branches."""
