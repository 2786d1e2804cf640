"""Routes and forms of accounts: sign-in, passwords, tokens."""
