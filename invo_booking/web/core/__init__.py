"""What every page needs: calls of use cases, guards, live updates, routes, sessions."""
