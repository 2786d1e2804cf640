"""Adapter to Google Calendar for the ports of ``usecases/shared/ports.py``."""
