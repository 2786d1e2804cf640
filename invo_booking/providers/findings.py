"""Make the findings that a check of every provider's connection has in common."""

from collections.abc import Callable
from datetime import datetime, timedelta

from invo_booking.domain.calendars.outside import ConnectionFinding
from invo_booking.domain.calendars.provider_errors import ProviderError
from invo_booking.providers.responses import VendorResponse, clock_difference
from invo_booking.texts import say

LARGEST_DIFFERENCE = timedelta(minutes=5)
LOOKED_AT = timedelta(days=1)
"""Time from now on whose free/busy times a check reads."""


def right_finding(name: str, sentence: str) -> ConnectionFinding:
    """Return a finding that something works."""
    return ConnectionFinding(name=name, ok=True, sentence=sentence)


def wrong_finding(name: str, reason: object) -> ConnectionFinding:
    """Return a finding that something does not work, with the reason."""
    return ConnectionFinding(name=name, ok=False, sentence=str(reason))


def finding_of_call(name: str, call: Callable[[], str]) -> ConnectionFinding:
    """Return the finding of a call that returns a sentence, or raises the reason."""
    try:
        return right_finding(name, call())
    except ProviderError as error:
        return wrong_finding(name, error)


def clock_finding(
    name: str, answer: VendorResponse, now: datetime, *, right: str, off: str
) -> ConnectionFinding:
    """Return whether the clock of a server agrees with ours.

    Args:
        name: What is checked, as a heading.
        answer: Any answer of the server.
        now: The current instant in UTC.
        right: Key of the sentence that the clocks agree.
        off: Key of the sentence that says by how many ``minutes`` they differ.
    """
    apart = abs(clock_difference(answer, now))
    if apart <= LARGEST_DIFFERENCE:
        return right_finding(name, say(right))
    minutes = round(apart / timedelta(minutes=1))
    return wrong_finding(name, say(off, minutes=minutes))
