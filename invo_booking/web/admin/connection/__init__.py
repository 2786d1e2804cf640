"""The connection to a provider of calendars, on the pages of its settings."""
