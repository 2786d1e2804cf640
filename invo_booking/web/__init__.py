"""What people see: Reflex pages over the use cases."""
