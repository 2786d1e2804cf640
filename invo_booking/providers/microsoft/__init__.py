"""Adapter to Microsoft 365 for the ports of ``domain/calendars/ports.py``."""
