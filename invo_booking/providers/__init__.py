"""Translate calls and data for calendar providers, without any business rules."""
