"""Access rules: roles, scopes, password guessing and proof of work."""
