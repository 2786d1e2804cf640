"""Read agents' own events from any provider, within limits of number and length."""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from invo_booking.domain import contact
from invo_booking.domain.calendars.personal import (
    LONGEST_TITLE,
    MOST_EVENTS,
    PersonalEvent,
    PersonalListing,
)
from invo_booking.domain.calendars.provider_errors import PermissionMissingError
from invo_booking.domain.interval import Interval
from invo_booking.texts import say

SECONDS: Final = 8.0
"""Time limit for all calls that answer one request of an agent's page."""

CONCURRENCY: Final = 4
"""Largest number of concurrent calls for one request."""

_LONGEST_LINK = 2_000


def require_scopes(
    needed: Iterable[str], granted: Collection[str], vendor: str
) -> None:
    """Refuse a sign-in in which the agent did not grant all needed scopes.

    Raises:
        PermissionMissingError: With the names of the missing scopes.
    """
    if missing := [name for name in needed if name not in granted]:
        raise PermissionMissingError(
            say("providers.personal_events.not_allowed", vendor=vendor),
            missing,
        )


def read_personal_events(
    rows: Iterable[Mapping[str, Any]],
    read: Callable[[Mapping[str, Any]], PersonalEvent],
    window: Interval,
    *,
    is_complete: bool,
) -> PersonalListing:
    """Return the events that overlap a window; unreadable events are only counted.

    Args:
        rows: Events in the provider's form.
        read: Converts one event to our form.
        window: The time that the page shows.
        is_complete: Whether ``rows`` holds all events of the provider in the window.
    """
    events: list[PersonalEvent] = []
    unreadable = 0
    for row in rows:
        try:
            event = read(row)
        except (AttributeError, KeyError, OverflowError, TypeError, ValueError):
            unreadable += 1
            continue
        if event.period.overlaps(window):
            events.append(event)
    return PersonalListing(
        events=tuple(events[:MOST_EVENTS]),
        unreadable=unreadable,
        is_complete=is_complete and len(events) <= MOST_EVENTS,
    )


def shown_title(text: Any) -> str:
    """Return a title on one line, without invisible characters, cut if too long."""
    if not isinstance(text, str):
        return ""
    visible = contact.visible_text(text[: 5 * LONGEST_TITLE])
    printable = "".join(it if it.isprintable() else " " for it in visible)
    return " ".join(printable.split())[:LONGEST_TITLE]


def own_link(text: Any, hosts: Collection[str]) -> str:
    """Return an event's URL; empty if the URL's host is not in ``hosts``."""
    if not isinstance(text, str) or len(text) > _LONGEST_LINK:
        return ""
    try:
        parts = urlsplit(text)
        is_own = parts.scheme == "https" and parts.netloc in hosts
    except ValueError:
        return ""
    return text if is_own and text.isascii() and text.isprintable() else ""
