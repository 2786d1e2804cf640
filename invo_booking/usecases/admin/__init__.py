"""Administrators change settings, people, queues and Answers."""
