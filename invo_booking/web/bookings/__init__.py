"""The staff calendars of Booking Management: Me, Team and Queues."""
