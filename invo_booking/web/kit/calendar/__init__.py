"""Parts that the staff calendar and the dashboard share."""
