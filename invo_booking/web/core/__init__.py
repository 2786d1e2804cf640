"""What every page needs: use cases, guards, live updates, routes, sessions."""
