"""Store busy times, events and connections, and cache availability indexes."""
