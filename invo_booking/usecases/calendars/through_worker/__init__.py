"""Call providers in the worker, for processes that do not import their libraries."""
