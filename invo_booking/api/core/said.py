"""Read texts that a request reports about the customer's browser."""

LONGEST = 100
"""Most characters of such a text that are kept; no zone name is longer."""


def readable_request_text(value: object) -> str:
    """Return the text, cut to ``LONGEST``; empty if it is not ASCII text."""
    return value[:LONGEST] if isinstance(value, str) and value.isascii() else ""
