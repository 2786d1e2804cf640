"""What a customer's browser says of itself, as programs pass it on."""

LONGEST = 100
"""Characters that are looked at; no name of a time zone is longer."""


def readable_text(value: object) -> str:
    """Return what was said, as far as it can be looked at. Never refuses."""
    return value[:LONGEST] if isinstance(value, str) and value.isascii() else ""
