"""Periodic work: delivery, expiry, purge, health."""
