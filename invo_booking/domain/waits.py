"""Say in English how long somebody has to wait."""

from datetime import timedelta

_LONGEST_IN_SECONDS = 90
_LONGEST_IN_MINUTES = 90


def wait_in_words(wait: timedelta) -> str:
    """Return a wait in whole seconds, minutes or hours, never shorter than it is.

    At least one second, whatever ``wait`` is.
    """
    seconds = max(1, -(-wait // timedelta(seconds=1)))
    if seconds < _LONGEST_IN_SECONDS:
        return f"{seconds} seconds" if seconds > 1 else "1 second"
    minutes = -(-seconds // 60)
    if minutes < _LONGEST_IN_MINUTES:
        return f"{minutes} minutes"
    return f"{-(-minutes // 60)} hours"
