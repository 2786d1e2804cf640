"""Define what people see: Reflex pages that call use cases."""
