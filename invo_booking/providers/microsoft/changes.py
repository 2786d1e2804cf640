"""List what has changed in the account's own calendar.

Graph cannot limit the list of changes to some properties, so the list holds subjects
and bodies, which are dropped here. The list contains no extended properties, so our own
events are recognized by their ids, or by the ``transactionId`` with which they were
created.

Source:
    learn.microsoft.com/graph/api/event-delta
    learn.microsoft.com/graph/delta-query-events
    github.com/microsoftgraph/microsoft-graph-docs/issues/2350 on forgotten tokens
    github.com/microsoftgraph/microsoft-graph-docs/pull/4501 on series
"""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final
from zoneinfo import ZoneInfo

from invo_booking.domain.calendars.outside import (
    EventChanges,
    EventListing,
    HostEvent,
    UnreadableEvent,
)
from invo_booking.domain.calendars.provider_errors import (
    CursorExpiredError,
    EventUnreadableError,
)
from invo_booking.domain.interval import Interval
from invo_booking.providers.events import write_bound
from invo_booking.providers.microsoft import events
from invo_booking.providers.microsoft.graph import Graph, RefusedError
from invo_booking.providers.microsoft.hosts import LASTING_IDS, Host
from invo_booking.texts import say

PAGE: Final = 200
_TEXT = 'outlook.body-content-type="text"'
_PREFER = f"{LASTING_IDS},odata.maxpagesize={PAGE},{_TEXT}"
_FORGOTTEN = frozenset({"syncstatenotfound", "syncstateinvalid", "resyncrequired"})


class OutlookChangeLog:
    """Lists what has changed in the account's own calendar; see ``ports.ChangeLog``."""

    def __init__(self, graph: Graph, host: Host, zone: ZoneInfo) -> None:
        self._graph, self._host, self._zone = graph, host, zone

    def changes(self, cursor: str, window: Interval) -> EventChanges:
        """Return what has changed since a cursor; all events if the cursor is empty."""
        call = self._host.call(
            "GET",
            "/calendarView/delta",
            query={
                "startDateTime": write_bound(window.start),
                "endDateTime": write_bound(window.end),
            },
            headers={"Prefer": _PREFER},
        )
        try:
            rows, link = self._graph.list_changes(call, cursor)
        except RefusedError as refused:
            if cursor and _is_forgotten(refused):
                raise CursorExpiredError(
                    say("microsoft.changes.microsoft_forgotten_read"),
                    reference=refused.reference,
                ) from refused
            raise self._host.trouble(self._graph, refused) from refused
        return _read_changes(rows, link, self._zone)


def _is_forgotten(refused: RefusedError) -> bool:
    is_named = refused.word.lower() in _FORGOTTEN
    return is_named or refused.status == HTTPStatus.GONE


def _read_changes(
    rows: Sequence[Mapping[str, Any]], cursor: str, zone: ZoneInfo
) -> EventChanges:
    """Return the changes in a list; the last of several rows for an event counts."""
    known: dict[str, HostEvent | UnreadableEvent] = {}
    nameless: list[UnreadableEvent] = []
    removed: set[str] = set()
    whole_days = {it.get("id") for it in rows if it.get("isAllDay")}
    for row in rows:
        name = row.get("id")
        if not isinstance(name, str):
            nameless.append(events.unreadable_event(row, zone))
        elif _stands_for_none(row):
            known.pop(name, None)
            removed.add(name)
        else:
            is_of_days = row.get("seriesMasterId") in whole_days
            known[name] = _read({"isAllDay": is_of_days, **row}, zone)
            removed.discard(name)
    readable = tuple(it for it in known.values() if isinstance(it, HostEvent))
    others = tuple(it for it in known.values() if isinstance(it, UnreadableEvent))
    return EventChanges(
        listing=EventListing(events=readable, unreadable=(*others, *nameless)),
        removed=frozenset(removed),
        cursor=cursor,
    )


def _stands_for_none(row: Mapping[str, Any]) -> bool:
    """Whether the window holds no event with this id any more.

    True for the master of a series too, because the occurrences that remain of the
    series are listed as events of their own.
    """
    is_master = row.get("type") == "seriesMaster"
    return "@removed" in row or is_master or bool(row.get("isCancelled"))


def _read(row: Mapping[str, Any], zone: ZoneInfo) -> HostEvent | UnreadableEvent:
    try:
        return events.read_event(row, zone)
    except EventUnreadableError:
        return events.unreadable_event(row, zone)
