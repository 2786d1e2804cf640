"""Agents' own calendars, relayed to their own browsers."""
