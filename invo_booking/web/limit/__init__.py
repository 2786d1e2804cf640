"""The page where a customer makes room for one more appointment."""
