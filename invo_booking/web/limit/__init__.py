"""The page where a customer at the limit makes room for one more appointment."""
