"""The addresses of all pages; every link and redirect takes its address from here."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final
from urllib.parse import urlencode

from invo_booking.texts import in_language


class Done(StrEnum):
    """An action that a customer has just done."""

    CONFIRMED = "confirmed"
    MOVED = "moved"
    CANCELLED = "cancelled"
    LATE = "late"
    IN_TIME = "in-time"
    SENT_AGAIN = "sent-again"
    ADDRESS_CHANGED = "address-changed"


LANDING: Final = "/"
SCHEDULE: Final = "/schedule"
STATUS: Final = "/a/[token]"
LIMIT: Final = "/a/[token]/limit"

DONE: Final = "done"
"""Query parameter of the status page: the action done before the page was opened."""

SIGN_IN: Final = "/sign-in"
BOOKINGS: Final = "/bookings"
DASHBOARD: Final = "/dashboard"

UNKNOWN: Final = "404"
"""Stands for every address without a page; not an address itself."""

SESSION_SIGN_IN: Final = "/session/sign-in"
"""Address to which the sign-in form is posted; no page."""

SESSION_SIGN_OUT: Final = "/session/sign-out"
"""Address to which the sign-out form is posted; no page."""

SESSION_PASSWORD: Final = "/session/password"  # noqa: S105  # an address
"""Address to which a new password is posted; no page."""

SESSION_FORGOT: Final = "/session/forgot-password"
"""Page on which a person requests a link to set a new password; drawn by the server."""

SESSION_ACCOUNT_LINK: Final = "/session/account-link"
"""Address to which a request for another person's account link is posted.

The response shows the link, once.
"""

SESSION_TOKENS: Final = "/session/tokens"
"""Address to which a person's request for an API token of their own is posted.

The response shows the token, once.
"""

SESSION_PROGRAMS: Final = "/session/programs"
"""Address to which a new program is posted.

The response shows the program's token, once.
"""

ANSWERS: Final = "/answers"
QUEUES: Final = "/queues"
BRANCHES: Final = "/branches"
PEOPLE: Final = "/people"
INSTITUTION: Final = "/institution"
AUDIT: Final = "/audit"
PROGRAMS: Final = "/programs"
PROFILE: Final = "/profile"
CALENDAR_API: Final = "/settings/calendar-api"

ADMINISTRATION: Final = "/settings/general"
"""The first page of administration."""

GUIDES: Final = "/api/v1/guides/"
"""Prefix of the addresses of guides to calendar providers; not drawn by Reflex."""

TRIAL_MAIL: Final = "/api/v1/admin/mail/test"
"""Address to which a request for a test mail is posted; no page."""

REFUSED: Final = "refused"
"""Query parameter of the dashboard for a person who was redirected from a page of
administrators.
"""


def settings_route(slug: str) -> str:
    """Return the address of a settings page."""
    return f"/settings/{slug}"


def schedule_route(choice: Mapping[str, str]) -> str:
    """Return the address at which the scheduler continues after some choices.

    Args:
        choice: ``answer``, ``language``, ``channel``, ``branch``, ``agent``, ``time``;
            empty values are left out of the address.
    """
    query = urlencode({name: value for name, value in choice.items() if value})
    here = in_language(SCHEDULE)
    return f"{here}?{query}" if query else here


def room_door_route(appointment_id: object) -> str:
    """Return the address at which staff enter an appointment's room; no page."""
    return f"/session/rooms/{appointment_id}"
