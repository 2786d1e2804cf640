"""Store and query data in PostgreSQL. Only this package uses rows (``…Row``)."""
