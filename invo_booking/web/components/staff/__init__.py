"""Parts of the pages staff work with."""
