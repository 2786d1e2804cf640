"""What the pages of administrators are made of."""
