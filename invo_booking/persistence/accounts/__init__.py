"""People, programs and their credentials."""
