"""Describe a wait in English."""

from datetime import timedelta

_LONGEST_IN_SECONDS = 90
_LONGEST_IN_MINUTES = 90


def wait_in_words(wait: timedelta) -> str:
    """Return a wait in whole seconds, minutes or hours, rounded up.

    The result is at least one second.
    """
    seconds = -(-wait // timedelta(seconds=1))
    if seconds < _LONGEST_IN_SECONDS:
        return f"{seconds} seconds" if seconds > 1 else "1 second"
    minutes = -(-seconds // 60)
    if minutes < _LONGEST_IN_MINUTES:
        return f"{minutes} minutes"
    return f"{-(-minutes // 60)} hours"
