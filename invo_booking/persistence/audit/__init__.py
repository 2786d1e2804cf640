"""Store audit entries and their chain, and read the audit log."""
