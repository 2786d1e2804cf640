"""The page where customers who have the maximum of appointments cancel one."""
