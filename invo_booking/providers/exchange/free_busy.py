"""Read when agents are busy: times and how busy, without subjects and places.

The view ``FreeBusy`` is asked for, never a detailed one, and everything but times is
dropped. An answer without entries that the view promises, such as the merged digits of
a distribution list, makes nobody free.

Source:
    learn.microsoft.com/exchange/client-developer/web-service-reference/
    getuseravailability-operation
"""

import xml.etree.ElementTree as ET
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from invo_booking.domain.calendars.outside import Availability
from invo_booking.domain.calendars.provider_errors import ProviderDownError
from invo_booking.domain.interval import Interval
from invo_booking.providers.exchange import xml
from invo_booking.providers.exchange.refusals import error_of_mailbox
from invo_booking.providers.exchange.soap import (
    Services,
    code_of,
    unreadable_answer_error,
)
from invo_booking.providers.exchange.xml import MESSAGES, message_element, type_element

MOST_MAILBOXES = 100
FREE = frozenset({"free", "workingelsewhere"})
_SHORTEST_WINDOW = timedelta(hours=1)
_INTERVAL_MINUTES = "30"
_WITH_ENTRIES = frozenset({"FreeBusy", "FreeBusyMerged", "Detailed", "DetailedMerged"})


def ask_free_busy(
    services: Services, mailboxes: Sequence[str], window: Interval
) -> list[Availability]:
    """Ask when mailboxes are busy; see ``BackendCalendar.free_busy``."""
    answer = services.ask(_question(mailboxes, window))
    if len(answer.messages) != len(mailboxes):
        raise unreadable_answer_error()
    pairs = zip(mailboxes, answer.messages, strict=True)
    return [_availability(mailbox, row, window) for mailbox, row in pairs]


def _question(mailboxes: Sequence[str], window: Interval) -> ET.Element:
    end = max(window.end, window.start + _SHORTEST_WINDOW)
    return message_element(
        "GetUserAvailabilityRequest",
        _utc(),
        message_element(
            "MailboxDataArray", *(_mailbox(address) for address in mailboxes)
        ),
        type_element(
            "FreeBusyViewOptions",
            type_element(
                "TimeWindow",
                type_element("StartTime", text=_wall_time(window.start)),
                type_element("EndTime", text=_wall_time(end)),
            ),
            type_element("MergedFreeBusyIntervalInMinutes", text=_INTERVAL_MINUTES),
            type_element("RequestedView", text="FreeBusy"),
        ),
    )


def _utc() -> ET.Element:
    """Return the zone of all times; Exchange wants both of its halves described."""
    halves = [
        type_element(
            name,
            type_element("Bias", text="0"),
            type_element("Time", text="00:00:00"),
            type_element("DayOrder", text="1"),
            type_element("Month", text=month),
            type_element("DayOfWeek", text="Sunday"),
        )
        for name, month in (("StandardTime", "10"), ("DaylightTime", "4"))
    ]
    return type_element("TimeZone", type_element("Bias", text="0"), *halves)


def _mailbox(address: str) -> ET.Element:
    return type_element(
        "MailboxData",
        type_element("Email", type_element("Address", text=address)),
        type_element("AttendeeType", text="Required"),
        type_element("ExcludeConflicts", text="false"),
    )


def _wall_time(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}"


def _availability(mailbox: str, row: ET.Element, window: Interval) -> Availability:
    about = row.find(f"{MESSAGES}ResponseMessage")
    code = code_of(about) if about is not None else ""
    if code != "NoError":
        return Availability(mailbox, problem=error_of_mailbox(mailbox, code))
    view = row.find(f"{MESSAGES}FreeBusyView")
    if xml.text_of(view, "FreeBusyViewType") not in _WITH_ENTRIES:
        return Availability(mailbox, problem=_without_entries(mailbox))
    entries = xml.find(view, "CalendarEventArray")
    try:
        spans = [_span(entry) for entry in (entries if entries is not None else ())]
    except ValueError:
        return Availability(mailbox, problem=error_of_mailbox(mailbox, ""))
    return Availability(mailbox, tuple(it for it in spans if it and _is_in(it, window)))


def _is_in(span: Interval, window: Interval) -> bool:
    return span.overlaps(window)


def _span(entry: ET.Element) -> Interval | None:
    """Return the time an entry takes; ``None`` if it takes none."""
    if xml.text_of(entry, "BusyType").lower() in FREE:
        return None
    start = _instant(xml.text_of(entry, "StartTime"))
    end = _instant(xml.text_of(entry, "EndTime"))
    if end < start:
        raise ValueError("ends before it starts")
    return Interval(start, end) if end > start else None


def _instant(text: str) -> datetime:
    """Return a time in UTC, which is the zone that was asked for."""
    at = datetime.fromisoformat(text)
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def _without_entries(mailbox: str) -> ProviderDownError:
    return ProviderDownError(
        f"Exchange tells of {mailbox} no single entries, as of distribution lists and "
        "of mailboxes that share nothing, so nobody counts as free by it. Enter the "
        "address of the agent's own mailbox on the page People."
    )
