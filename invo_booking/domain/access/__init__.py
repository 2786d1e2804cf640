"""Define access rules: roles, scopes, password guessing and proof of work."""
