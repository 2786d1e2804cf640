"""Outside calendars: one vendor's words, translated; nothing is decided here."""
