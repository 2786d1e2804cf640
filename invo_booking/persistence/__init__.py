"""Rows, queries and transactions. Rows are used in this package only."""
