"""Sign people and programs in, and manage their credentials."""
