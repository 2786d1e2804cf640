"""Store audit entries, seal them in a hash chain, and read the audit log."""
