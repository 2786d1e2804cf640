"""The status page behind a customer's link."""
