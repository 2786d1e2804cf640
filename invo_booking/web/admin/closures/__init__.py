"""Closed days of the institution and of its branches."""
