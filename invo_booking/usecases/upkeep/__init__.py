"""Do the periodic work: delivery, expiry, purge, health checks and the like."""
