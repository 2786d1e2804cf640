"""Who may do what, and how much: roles, scopes, passwords tried, proof of work."""
