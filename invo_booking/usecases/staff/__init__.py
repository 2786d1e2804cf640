"""Staff see, create, assign, move and cancel appointments."""
