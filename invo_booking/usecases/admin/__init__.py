"""Let administrators change settings, people and what the institution offers."""
