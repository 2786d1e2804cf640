"""Busy times, availability indexes and connections."""
