"""List the permissions needed at Microsoft, and why."""

from collections.abc import Iterable

from invo_booking.domain.calendars.outside import Permission
from invo_booking.texts import say

GROUPS = "Group.ReadWrite.All"
FREE_BUSY = "Calendars.ReadBasic"
FREE_BUSY_OTHERWISE = "Calendars.Read"
"""Permission for tenants in which ``FREE_BUSY`` does not suffice for ``getSchedule``.

Source:
    learn.microsoft.com/graph/outlook-get-free-busy-schedule, which still names this
    permission
"""

OWN_CALENDAR = "Calendars.ReadWrite"
"""Replaces ``GROUPS`` and ``FREE_BUSY`` if the account's own calendar is the host."""

PROFILE = "User.Read"
SCOPES = (GROUPS, FREE_BUSY, PROFILE)
OWN_HOST_SCOPES = (OWN_CALENDAR, PROFILE)
"""Scopes requested instead of ``SCOPES`` if the account's own calendar is the host.

MSAL adds the scopes of OpenID Connect.
"""

_ALWAYS = {
    PROFILE: "microsoft.permissions.email",
    "offline_access": "microsoft.permissions.offline",
    "openid": "microsoft.permissions.identity",
    "profile": "microsoft.permissions.profile",
}
_PURPOSES = {
    GROUPS: "microsoft.permissions.group",
    FREE_BUSY: "microsoft.permissions.free_busy",
    **_ALWAYS,
}
_OWN_HOST_PURPOSES = {
    OWN_CALENDAR: "microsoft.permissions.write_own_calendar",
    **_ALWAYS,
}
_INCLUDED_IN = {
    FREE_BUSY: (FREE_BUSY_OTHERWISE, OWN_CALENDAR),
    PROFILE: ("User.ReadWrite", "User.Read.All", "User.ReadWrite.All"),
}


def scopes_for(*, has_own_host: bool) -> tuple[str, ...]:
    """Return the scopes to request, without those that MSAL adds."""
    return OWN_HOST_SCOPES if has_own_host else SCOPES


def names_needed(*, has_own_host: bool) -> tuple[str, ...]:
    """Return the names of all permissions needed."""
    return tuple(_OWN_HOST_PURPOSES if has_own_host else _PURPOSES)


def needed_permissions(
    granted: Iterable[str], *, has_own_host: bool = False
) -> list[Permission]:
    """Return the needed permissions and whether they are granted."""
    have = {name.lower() for name in plain_scope_names(granted)}
    purposes = _OWN_HOST_PURPOSES if has_own_host else _PURPOSES
    return [
        Permission(
            name=name,
            purpose=say(purpose),
            granted=not have.isdisjoint(_names_that_grant(name)),
        )
        for name, purpose in purposes.items()
    ]


def plain_scope_names(scopes: Iterable[str]) -> list[str]:
    """Return scopes without the resource prefix of Microsoft."""
    return [scope.rsplit("/", 1)[-1] for scope in scopes]


def _names_that_grant(name: str) -> set[str]:
    return {word.lower() for word in (name, *_INCLUDED_IN.get(name, ()))}
