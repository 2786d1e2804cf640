"""Routes and forms for sign-in, passwords and tokens."""
