"""Celery tasks, each of which calls one use case and may run twice."""
