"""Connect to outside calendars, read them and write to them."""
