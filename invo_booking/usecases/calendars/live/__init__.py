"""Ask the primary provider for busy times while a customer or staff book."""
