"""Adapter to Google Calendar for the ports of ``domain/calendars/ports.py``."""
