"""Describe providers' calendars: connections, busy times and events."""
