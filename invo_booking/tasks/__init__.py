"""Define the Celery tasks; each calls one use case and may run twice."""
