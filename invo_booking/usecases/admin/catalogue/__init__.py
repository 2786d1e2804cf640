"""Changes what the institution offers: Answers, queues, languages, closed days."""
