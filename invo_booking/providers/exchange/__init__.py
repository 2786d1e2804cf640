"""Connect Microsoft Exchange servers that institutions run themselves."""
