"""Relay agents' personal calendars to their own browsers."""
