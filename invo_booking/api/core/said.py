"""Read the texts in a request that describe the customer's browser."""

LONGEST = 100
"""Largest number of characters that are stored of such a text; names of time zones are
shorter."""


def readable_request_text(value: object) -> str:
    """Return the text, cut to ``LONGEST``; empty if it is not ASCII text."""
    return value[:LONGEST] if isinstance(value, str) and value.isascii() else ""
