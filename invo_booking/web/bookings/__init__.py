"""The staff calendars: Me, Team and Queues."""
