"""Let staff see, create, assign, move and cancel appointments."""
