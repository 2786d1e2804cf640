"""Call a provider through a worker, in processes without the provider's library."""
