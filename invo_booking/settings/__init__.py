"""Define what administrators can set, with one typed entry for each setting."""
