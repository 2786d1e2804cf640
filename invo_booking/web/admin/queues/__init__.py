"""The page of queues and languages."""
