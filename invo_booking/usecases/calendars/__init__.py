"""Outside calendars: connect to them, read them and write to them."""
