"""The connection to a calendar provider, on the settings page *Calendars*."""
