"""Let customers request, confirm, move and cancel appointments."""
