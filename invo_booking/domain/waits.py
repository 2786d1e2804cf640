"""Describe a wait in English."""

from datetime import timedelta

from invo_booking.texts import say

_LONGEST_IN_SECONDS = 90
_LONGEST_IN_MINUTES = 90


def wait_in_words(wait: timedelta) -> str:
    """Return a wait in whole seconds, minutes or hours, rounded up.

    A wait of less than one second becomes one second.
    """
    seconds = -(-wait // timedelta(seconds=1))
    if seconds < _LONGEST_IN_SECONDS:
        return (
            say("rules.waits.seconds", seconds=seconds)
            if seconds > 1
            else say("rules.waits.one_second")
        )
    minutes = -(-seconds // 60)
    if minutes < _LONGEST_IN_MINUTES:
        return say("rules.waits.minutes", minutes=minutes)
    return say("rules.waits.hours", value=-(-minutes // 60))
