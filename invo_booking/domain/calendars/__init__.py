"""Values that describe providers' calendars: connections, busy times, events."""
