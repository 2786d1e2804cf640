"""The former settings page *Calendar API* of Google Calendar."""
