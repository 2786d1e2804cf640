"""What fake vendors of calendars share: a server, and how it misbehaves."""
