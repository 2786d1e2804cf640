"""Routes of agents' own calendars."""
