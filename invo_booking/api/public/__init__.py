"""Routes of customers and programs."""
