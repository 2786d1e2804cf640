"""Store what periodic tasks, rate limits and checks of the installation need."""
