"""Do periodic work: send mails, expire requests, purge old data, check health, etc."""
