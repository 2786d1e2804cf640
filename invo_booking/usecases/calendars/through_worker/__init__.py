"""Call providers in a worker for processes that do not import their libraries."""
