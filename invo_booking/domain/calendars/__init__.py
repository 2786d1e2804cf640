"""Represents calendars of providers: connections, busy times, events."""
