"""The database: rows, queries and the transaction. A Row never leaves this package."""
