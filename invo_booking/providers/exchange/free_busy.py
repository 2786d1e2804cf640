# pyright: standard
# exchangelib has no types.
"""Read when agents are busy: times and their status, without subjects and locations.

Only the view ``FreeBusy`` is requested, never a detailed view. All data except times
and statuses is dropped. A response without entries, such as the merged digits of a
distribution list, counts as a failure, never as free time.

Source:
    learn.microsoft.com/exchange/client-developer/web-service-reference/
    getuseravailability-operation
"""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any

from exchangelib.properties import (
    DaylightTime,
    FreeBusyViewOptions,
    StandardTime,
    TimeWindow,
    TimeZone,
)

from invo_booking.domain.calendars.outside import Availability
from invo_booking.domain.calendars.provider_errors import ProviderDownError
from invo_booking.domain.interval import Interval
from invo_booking.providers.exchange import events, xml
from invo_booking.providers.exchange.refusals import (
    error_of_mailbox,
    unreadable_answer_error,
)
from invo_booking.providers.exchange.services import GetUserAvailability, Services
from invo_booking.providers.exchange.xml import MESSAGES
from invo_booking.texts import say

FREE = frozenset({"free", "workingelsewhere"})
_SHORTEST_WINDOW = timedelta(hours=1)
_WITH_ENTRIES = frozenset({"FreeBusy", "FreeBusyMerged", "Detailed", "DetailedMerged"})
_HALF = {"bias": 0, "time": time(), "occurrence": 1, "weekday": "Sunday"}
_UTC = TimeZone(
    bias=0,
    standard_time=StandardTime(iso_month=10, **_HALF),
    daylight_time=DaylightTime(iso_month=4, **_HALF),
)
"""UTC as Exchange requires it: with standard and daylight time, both without offset."""


def ask_free_busy(
    services: Services, mailboxes: Sequence[str], window: Interval
) -> list[Availability]:
    """Ask when mailboxes are busy; see ``BackendCalendar.free_busy``."""
    options = _options(window)
    rows = services.ask(
        lambda account: GetUserAvailability(account).rows(mailboxes, _UTC, options)
    )
    if len(rows) != len(mailboxes):
        raise unreadable_answer_error()
    pairs = zip(mailboxes, rows, strict=True)
    return [_availability(mailbox, row, window) for mailbox, row in pairs]


def _options(window: Interval) -> FreeBusyViewOptions:
    end = max(window.end, window.start + _SHORTEST_WINDOW)
    return FreeBusyViewOptions(
        time_window=TimeWindow(
            start=events.ews_instant(window.start), end=events.ews_instant(end)
        ),
        requested_view="FreeBusy",
    )


def _availability(mailbox: str, row: Any, window: Interval) -> Availability:
    code, wait = _refusal(row.find(f"{MESSAGES}ResponseMessage"))
    if code != "NoError":
        return Availability(mailbox, problem=error_of_mailbox(mailbox, code, wait))
    view = row.find(f"{MESSAGES}FreeBusyView")
    if xml.text_of(view, "FreeBusyViewType") not in _WITH_ENTRIES:
        return Availability(mailbox, problem=_without_entries(mailbox))
    entries = xml.find_element(view, "CalendarEventArray")
    try:
        spans = [_span(entry) for entry in (entries if entries is not None else ())]
    except ValueError:
        return Availability(mailbox, problem=error_of_mailbox(mailbox, ""))
    return Availability(mailbox, tuple(it for it in spans if it and _is_in(it, window)))


def _refusal(message: Any) -> tuple[str, timedelta | None]:
    """Return the response code of a row, and how long the server asks us to wait."""
    if message is None:
        return "", None
    wait = xml.back_off(message.find(f"{MESSAGES}MessageXml"))
    return message.findtext(f"{MESSAGES}ResponseCode") or "", wait


def _is_in(span: Interval, window: Interval) -> bool:
    return span.overlaps(window)


def _span(entry: Any) -> Interval | None:
    """Return an entry's busy time; ``None`` if the entry is free or has no length."""
    if xml.text_of(entry, "BusyType").lower() in FREE:
        return None
    start = _instant(xml.text_of(entry, "StartTime"))
    end = _instant(xml.text_of(entry, "EndTime"))
    if end < start:
        raise ValueError("ends before it starts")
    return Interval(start, end) if end > start else None


def _instant(text: str) -> datetime:
    """Return a time in UTC; a time without an offset is in UTC, as requested."""
    at = datetime.fromisoformat(text)
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def _without_entries(mailbox: str) -> ProviderDownError:
    return ProviderDownError(say("exchange.free_busy.no_entries", mailbox=mailbox))
