"""Change what the institution offers: Answers, queues, branches, languages, days."""
