"""One module per page: its route and its layout."""
