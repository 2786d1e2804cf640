"""Microsoft 365 behind the ports of ``usecases/shared/ports.py``."""
