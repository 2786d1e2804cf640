"""Let processes that do not import a provider's library call it through a worker."""
