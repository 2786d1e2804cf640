"""Store calendars' busy times, events and connections; cache availability indexes."""
