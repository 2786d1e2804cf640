"""List the permissions needed at Microsoft, and why."""

from collections.abc import Iterable

from invo_booking.domain.calendars.outside import Permission
from invo_booking.texts import say

GROUPS = "Group.ReadWrite.All"
FREE_BUSY = "Calendars.ReadBasic"
FREE_BUSY_OTHERWISE = "Calendars.Read"
"""What tenants need in which ``FREE_BUSY`` does not suffice for ``getSchedule``.

Source:
    learn.microsoft.com/graph/outlook-get-free-busy-schedule, which still names it
"""

PROFILE = "User.Read"
SCOPES = (GROUPS, FREE_BUSY, PROFILE)
"""Requested scopes; MSAL adds those of OpenID Connect."""

_PURPOSES = {
    GROUPS: "microsoft.permissions.group",
    FREE_BUSY: "microsoft.permissions.free_busy",
    PROFILE: "microsoft.permissions.email",
    "offline_access": "microsoft.permissions.offline",
    "openid": "microsoft.permissions.identity",
    "profile": "microsoft.permissions.profile",
}
NEEDED = tuple(_PURPOSES)
_INCLUDED_IN = {
    FREE_BUSY: (FREE_BUSY_OTHERWISE, "Calendars.ReadWrite"),
    PROFILE: ("User.ReadWrite", "User.Read.All", "User.ReadWrite.All"),
}


def needed_permissions(granted: Iterable[str]) -> list[Permission]:
    """Return the needed permissions and whether they are granted."""
    have = {name.lower() for name in plain_scope_names(granted)}
    return [
        Permission(
            name=name,
            purpose=say(purpose),
            granted=not have.isdisjoint(_names_that_grant(name)),
        )
        for name, purpose in _PURPOSES.items()
    ]


def plain_scope_names(scopes: Iterable[str]) -> list[str]:
    """Return scopes without the resource prefix of Microsoft."""
    return [scope.rsplit("/", 1)[-1] for scope in scopes]


def _names_that_grant(name: str) -> set[str]:
    return {word.lower() for word in (name, *_INCLUDED_IN.get(name, ()))}
