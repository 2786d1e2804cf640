"""The audit entries, their chain, and the log read from them."""
