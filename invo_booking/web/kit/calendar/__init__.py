"""What the staff calendar and the dashboard share."""
