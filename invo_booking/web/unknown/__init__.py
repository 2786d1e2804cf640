"""The page that is shown at unknown URLs."""
