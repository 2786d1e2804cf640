"""The clock's door: Celery tasks, each calling one use case. All may run twice."""
