"""Read what programs report about a customer's browser."""

LONGEST = 100
"""Most characters that are read; no zone name is longer."""


def readable_request_text(value: object) -> str:
    """Return the reported text, shortened. Never refuses."""
    return value[:LONGEST] if isinstance(value, str) and value.isascii() else ""
