"""Read busy times with Microsoft's ``getSchedule``.

An answer may contain subjects, if the owner shares them. They are dropped here: only
status, start and end are read.

Source:
    learn.microsoft.com/graph/api/calendar-getschedule
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from invo_booking.domain.calendars.outside import Availability
from invo_booking.domain.calendars.provider_errors import (
    MailboxUnknownError,
    PermissionMissingError,
    ProviderDownError,
    ProviderError,
)
from invo_booking.domain.interval import Interval
from invo_booking.providers.microsoft import times
from invo_booking.providers.microsoft.graph import Call
from invo_booking.providers.microsoft.permissions import FREE_BUSY

_TAKES_NO_TIME = frozenset({"free", "workingelsewhere"})
_UNKNOWN_MAILBOX = frozenset(
    {
        "ErrorMailRecipientNotFound",
        "ErrorNonExistentMailbox",
        "ErrorInvalidSmtpAddress",
        "ErrorMissingEmailAddress",
    }
)
_NOT_SHARED = frozenset({"ErrorNoFreeBusyAccess", "ErrorAccessDenied"})


def schedule_call(mailboxes: Sequence[str], window: Interval) -> Call:
    """Return the call for the busy times of mailboxes."""
    return Call(
        method="POST",
        path="/me/calendar/getSchedule",
        body={
            "schedules": list(mailboxes),
            "startTime": times.write_instant(window.start),
            "endTime": times.write_instant(window.end),
            "availabilityViewInterval": _coarsest(window),
        },
        needs=(FREE_BUSY,),
        purpose="read when agents are busy",
    )


def read_availabilities(
    mailboxes: Sequence[str], rows: Iterable[Mapping[str, Any]], zone: ZoneInfo
) -> list[Availability]:
    """Return the answer for each mailbox, in the order of the question.

    Args:
        mailboxes: Addresses of the mailboxes.
        rows: Graph's answer.
        zone: The institution's zone, for entries without a start or an end.
    """
    by_mailbox = {str(row.get("scheduleId", "")).lower(): row for row in rows}
    return [
        _availability(mailbox, by_mailbox.get(mailbox.lower()), zone)
        for mailbox in mailboxes
    ]


def _availability(
    mailbox: str, row: Mapping[str, Any] | None, zone: ZoneInfo
) -> Availability:
    if row is None:
        return Availability(mailbox, problem=_unreadable(mailbox))
    if error := row.get("error"):
        return Availability(mailbox, problem=_problem(mailbox, error))
    try:
        return _entries(mailbox, row["scheduleItems"], zone)
    except (AttributeError, KeyError, TypeError, ValueError):
        return Availability(mailbox, problem=_unreadable(mailbox))


def _entries(
    mailbox: str, items: Iterable[Mapping[str, Any]], zone: ZoneInfo
) -> Availability:
    """Return the entries that take time, including those with an unknown status.

    An entry with unreadable times takes the longest possible time.

    Raises:
        ValueError: If the time of an entry cannot be bounded.

    Source:
        RFC 5545 section 3.2.9 on FBTYPE: "Applications MUST treat x-name and
        iana-token values they don't recognize the same way as they would the BUSY
        value."
    """
    busy: list[Interval] = []
    unreadable = 0
    for item in items:
        if str(item["status"]).lower() in _TAKES_NO_TIME:
            continue
        try:
            busy += _span(item)
        except (KeyError, TypeError, ValueError):
            busy.append(_longest(item, zone))
            unreadable += 1
    return Availability(mailbox, tuple(busy), unreadable=unreadable)


def _span(item: Mapping[str, Any]) -> list[Interval]:
    """Return the span of an entry; empty if it has no length.

    Raises:
        KeyError, TypeError, ValueError: If its times cannot be read or make no sense.
    """
    start, end = (times.read_instant(item[it]) for it in ("start", "end"))
    if end < start:
        raise ValueError("ends before it starts")
    return [Interval(start, end)] if end > start else []


def _longest(item: Mapping[str, Any], zone: ZoneInfo) -> Interval:
    period = times.longest_period(item, zone)
    if period is None:
        raise ValueError("nothing tells when this entry is")
    return period


def _problem(mailbox: str, error: Any) -> ProviderError:
    code = _code(error)
    if code in _UNKNOWN_MAILBOX:
        return MailboxUnknownError(f"Microsoft knows no mailbox {mailbox}.")
    if code in _NOT_SHARED:
        return PermissionMissingError(
            f"{mailbox} does not share with the connected account when it is busy. "
            "Share at least free and busy times within the institution."
        )
    return ProviderDownError(
        f"Microsoft cannot read the calendar of {mailbox} at the moment. It is tried "
        "again by itself."
    )


def _code(error: Any) -> str:
    try:
        return str(error["responseCode"])
    except (KeyError, TypeError, IndexError):
        return ""


def _unreadable(mailbox: str) -> ProviderDownError:
    return ProviderDownError(
        f"Microsoft's answer about {mailbox} cannot be read. It is tried again by "
        "itself."
    )


def _coarsest(window: Interval) -> int:
    """Return the step of the availability digits, which are not read."""
    return max(5, min(720, window.duration // timedelta(minutes=2)))
