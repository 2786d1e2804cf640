"""The former settings page *Calendar API* of one provider."""
