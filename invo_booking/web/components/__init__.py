"""Parts of pages: functions that return components."""
