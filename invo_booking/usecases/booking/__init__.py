"""Customers request, confirm, move and cancel appointments."""
