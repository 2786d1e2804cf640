"""Domain values into what a page shows. Pure, so tested without a browser."""
