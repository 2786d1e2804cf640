"""Adapter to Microsoft 365 for the ports of ``usecases/shared/ports.py``."""
