"""Define the settings: one typed entry for each."""
