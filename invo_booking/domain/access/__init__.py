"""Define access rules: roles, scopes, limits on password guessing, proof of work."""
