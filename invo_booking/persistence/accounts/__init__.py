"""Store people, programs and their credentials."""
