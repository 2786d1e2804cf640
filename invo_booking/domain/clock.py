"""Read the clock; all other code takes ``now`` as an argument."""

from datetime import UTC, datetime


def utc_now() -> datetime:
    """Return the current instant, in UTC."""
    return datetime.now(UTC)
