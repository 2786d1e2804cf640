"""Questions to the primary provider while a customer or staff book."""
