"""Contain the actions on appointments that customers and staff share."""
