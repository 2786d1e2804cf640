"""Implement the product's rules on frozen values, without database and network."""
