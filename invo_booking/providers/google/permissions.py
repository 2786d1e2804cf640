"""List the permissions needed at Google, and why.

Source:
    developers.google.com/workspace/calendar/api/auth
"""

from collections.abc import Iterable
from typing import Final

from invo_booking.domain.calendars.outside import Permission
from invo_booking.texts import say

PREFIX: Final = "https://www.googleapis.com/auth/"
FREE_BUSY = "calendar.freebusy"
EVENTS = "calendar.events.owned"
LIST = "calendar.calendarlist.readonly"
CREATED = "calendar.app.created"
IDENTITY = ("openid", "email")

_PURPOSES = {
    FREE_BUSY: "google.permissions.free_busy",
    EVENTS: "google.permissions.events",
    LIST: "google.permissions.calendar_list",
    CREATED: "google.permissions.calendar_create",
    "openid": "google.permissions.identity",
    "email": "google.permissions.email",
}
CALENDAR_SCOPES = tuple(
    f"{PREFIX}{name}" for name in (FREE_BUSY, EVENTS, LIST, CREATED)
)
"""Scopes for calendars; domain-wide delegation can give them to a service account."""

SCOPES = (*IDENTITY, *CALENDAR_SCOPES)
"""Scopes requested from a person who signs in."""

_INCLUDED_IN = {
    FREE_BUSY: ("calendar", "calendar.readonly"),
    EVENTS: ("calendar", "calendar.events"),
    LIST: ("calendar", "calendar.readonly", "calendar.calendarlist"),
    CREATED: ("calendar", "calendar.calendars"),
    "email": ("userinfo.email",),
}


def needed_permissions(granted: Iterable[str]) -> list[Permission]:
    """Return the needed permissions and whether they are granted."""
    have = {scope.removeprefix(PREFIX) for scope in granted}
    return [
        Permission(
            name=name,
            purpose=say(purpose),
            granted=not have.isdisjoint((name, *_INCLUDED_IN.get(name, ()))),
        )
        for name, purpose in _PURPOSES.items()
    ]
