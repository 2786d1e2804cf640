"""What an administrator may change: one typed entry for each setting."""
