"""Parts of the public pages."""
