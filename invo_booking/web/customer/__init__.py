"""The page behind a customer's link."""
