"""Read busy times with Microsoft's ``getSchedule``.

Microsoft's response may contain the subjects of entries, if a calendar's owner shares
them. This module drops the subjects: it reads only status, start and end.

Microsoft returns only a summary for distribution lists, and for mailboxes of other
organizations that share no details. A summary has one digit for each span of time. A
summary without entries counts as a failure, never as free time.

Source:
    learn.microsoft.com/graph/api/calendar-getschedule
    learn.microsoft.com/graph/api/resources/scheduleinformation
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from invo_booking.domain.calendars.outside import Availability
from invo_booking.domain.calendars.provider_errors import (
    MailboxUnknownError,
    PermissionMissingError,
    ProviderDownError,
    ProviderError,
    ReconnectError,
)
from invo_booking.domain.interval import Interval
from invo_booking.providers.calls import Call
from invo_booking.providers.events import SHORTEST
from invo_booking.providers.microsoft import times
from invo_booking.providers.microsoft.graph import Graph, RefusedError, rows_of
from invo_booking.providers.microsoft.permissions import FREE_BUSY, FREE_BUSY_OTHERWISE
from invo_booking.texts import say

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
_ELSEWHERE = frozenset(
    {
        "ErrorAvailabilityConfigNotFound",
        "ErrorInvalidCrossForestCredentials",
        "ErrorOrganizationNotFederated",
        "ErrorServiceDiscoveryFailed",
    }
)
_PROXY = "ErrorProxy"
"""Prefix of the error codes of an Exchange server that forwarded the request.

Source:
    learn.microsoft.com/exchange/client-developer/web-service-reference/responsecode
"""

NO_MAILBOX = frozenset({"MailboxNotEnabledForRESTAPI", "MailboxNotSupportedForRESTAPI"})
"""Error codes for a connected account that has no mailbox in the cloud.

learn.microsoft.com/graph/resolve-auth-errors and its threads name these codes for
accounts without a license, or with a mailbox on-premises.
"""

_FREE_DIGIT = "0"
"""The digit for free time, and for working elsewhere.

"Working elsewhere is set to 0 instead of 4 for backward compatibility".
"""

_DIGITS = frozenset("01234")


def ask_schedules(
    graph: Graph, mailboxes: Sequence[str], window: Interval, zone: ZoneInfo
) -> list[Availability]:
    """Ask when mailboxes are busy; see ``BackendCalendar.free_busy``."""
    try:
        answer = graph.ask(schedule_call(mailboxes, window))
    except RefusedError as refused:
        if refused.word not in NO_MAILBOX:
            raise
        raise ReconnectError(
            say("microsoft.schedule.account_without_mailbox"),
            reference=refused.reference,
        ) from refused
    return read_availabilities(mailboxes, rows_of(answer), window, zone)


def schedule_call(mailboxes: Sequence[str], window: Interval) -> Call:
    """Return the call for the busy times of mailboxes."""
    return Call(
        method="POST",
        path="/me/calendar/getSchedule",
        body={
            "schedules": list(mailboxes),
            "startTime": times.write_instant(window.start),
            "endTime": times.write_instant(window.end),
            "availabilityViewInterval": _coarsest(window) // timedelta(minutes=1),
        },
        needs=(FREE_BUSY, FREE_BUSY_OTHERWISE),
        purpose=say("microsoft.schedule.purpose"),
    )


def read_availabilities(
    mailboxes: Sequence[str],
    rows: Iterable[Mapping[str, Any]],
    window: Interval,
    zone: ZoneInfo,
) -> list[Availability]:
    """Return the availability of each mailbox, in the order of ``mailboxes``.

    Args:
        mailboxes: Addresses of the mailboxes.
        rows: The objects in Graph's response.
        window: The requested time.
        zone: The institution's zone, for entries without a start or an end.
    """
    by_mailbox = {str(row.get("scheduleId", "")).lower(): row for row in rows}
    return [
        _availability(mailbox, by_mailbox.get(mailbox.lower()), window, zone)
        for mailbox in mailboxes
    ]


def _availability(
    mailbox: str, row: Mapping[str, Any] | None, window: Interval, zone: ZoneInfo
) -> Availability:
    if row is None:
        return Availability(mailbox, problem=_unreadable(mailbox))
    if error := row.get("error"):
        return Availability(mailbox, problem=_problem(mailbox, error))
    try:
        items = row["scheduleItems"]
        rows = _entries(mailbox, items, zone)
        entries = (*rows.busy, *_moments(items))
        is_whole = _explains(entries, row.get("availabilityView"), window)
    except (AttributeError, KeyError, TypeError, ValueError):
        return Availability(mailbox, problem=_unreadable(mailbox))
    return rows if is_whole else Availability(mailbox, problem=_summary(mailbox))


def _entries(
    mailbox: str, items: Iterable[Mapping[str, Any]], zone: ZoneInfo
) -> Availability:
    """Return the entries that take time, including those with an unknown status.

    An entry with unreadable times takes the longest time that it can possibly take.

    Raises:
        ValueError: If an entry has no usable start or end at all.

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


def _explains(entries: Collection[Interval], digits: object, window: Interval) -> bool:
    """Whether each digit of the summary that is not free has an entry.

    Args:
        entries: All entries that take time, including those of no length.
        digits: The summary; each digit is the busiest status in its span of time.
        window: The time that the summary covers.
    """
    if not isinstance(digits, str) or not digits or not _DIGITS.issuperset(digits):
        return False
    step = _coarsest(window)
    covered: set[int] = set()
    for entry in entries:
        first = (entry.start - window.start) // step
        beyond = -((window.start - entry.end) // step)
        covered.update(range(max(first, 0), min(beyond, len(digits))))
    return all(
        digit == _FREE_DIGIT or number in covered for number, digit in enumerate(digits)
    )


def _span(item: Mapping[str, Any]) -> list[Interval]:
    """Return the span of an entry; empty if it has no length.

    Raises:
        KeyError, TypeError, ValueError: If the entry's times cannot be read or make no
            sense.
    """
    start, end = (times.read_graph_instant(item[it]) for it in ("start", "end"))
    if end < start:
        raise ValueError("ends before it starts")
    return [Interval(start, end)] if end > start else []


def _moments(items: Iterable[Mapping[str, Any]]) -> Iterator[Interval]:
    """Yield a minute for each entry of no length: the summary may include it too."""
    for item in items:
        with suppress(KeyError, TypeError, ValueError):
            at = times.read_graph_instant(item["start"])
            if at == times.read_graph_instant(item["end"]):
                yield Interval(at, at + SHORTEST)


def _longest(item: Mapping[str, Any], zone: ZoneInfo) -> Interval:
    period = times.longest_period(item, zone)
    if period is None:
        raise ValueError("nothing tells when this entry is")
    return period


def _problem(mailbox: str, error: Any) -> ProviderError:
    code = _code(error)
    if code in _UNKNOWN_MAILBOX:
        return MailboxUnknownError(
            say("microsoft.schedule.unknown_mailbox", mailbox=mailbox),
            provider_code=code,
        )
    if code in _NOT_SHARED:
        return PermissionMissingError(
            say("microsoft.schedule.not_shared", mailbox=mailbox),
            provider_code=code,
        )
    if code in _ELSEWHERE or code.startswith(_PROXY):
        return ProviderDownError(
            say("microsoft.schedule.other_server", mailbox=mailbox),
            provider_code=code,
        )
    return ProviderDownError(
        say("microsoft.schedule.unavailable", mailbox=mailbox),
        provider_code=code,
    )


def _code(error: Any) -> str:
    try:
        return str(error["responseCode"])
    except (KeyError, TypeError, IndexError):
        return ""


def _summary(mailbox: str) -> ProviderDownError:
    return ProviderDownError(say("microsoft.schedule.summary_only", mailbox=mailbox))


def _unreadable(mailbox: str) -> ProviderDownError:
    return ProviderDownError(say("microsoft.schedule.unreadable", mailbox=mailbox))


def _coarsest(window: Interval) -> timedelta:
    """Return the span of time that one digit of the summary covers.

    Half the window in whole minutes, but at least 5 and at most 720 minutes.
    """
    minutes = max(5, min(720, window.duration // timedelta(minutes=2)))
    return timedelta(minutes=minutes)
