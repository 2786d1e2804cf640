"""The pages of outside calendars."""
