"""The page where customers with the maximum of appointments cancel one of these."""
