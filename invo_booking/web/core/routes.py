"""Define the URLs of all pages; every link and redirect takes its URL from here."""

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
"""Stands for all URLs without a page; not a URL itself."""

SESSION_SIGN_IN: Final = "/session/sign-in"
"""URL to which the sign-in form is posted; not a page."""

SESSION_SIGN_OUT: Final = "/session/sign-out"
"""URL to which the sign-out form is posted; not a page."""

SESSION_PASSWORD: Final = "/session/password"  # noqa: S105  # an address
"""URL to which a new password is posted; not a page."""

SESSION_FORGOT: Final = "/session/forgot-password"
"""Page on which a person requests a link to set a new password; drawn by the server."""

SESSION_ACCOUNT_LINK: Final = "/session/account-link"
"""URL to which a request for another person's account link is posted.

The response shows the link, once.
"""

SESSION_TOKENS: Final = "/session/tokens"
"""URL to which a person's request for an API token of their own is posted.

The response shows the token, once.
"""

SESSION_PROGRAMS: Final = "/session/programs"
"""URL to which a new program is posted.

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
"""Prefix of the URLs of guides to calendar providers; not Reflex pages."""

TRIAL_MAIL: Final = "/api/v1/admin/mail/test"
"""URL to which a request for a test mail is posted; not a page."""

REFUSED: Final = "refused"
"""Query parameter of the dashboard for a person who was redirected from a page of
administrators.
"""


def settings_route(slug: str) -> str:
    """Return the address of a settings page."""
    return f"/settings/{slug}"


def schedule_route(choice: Mapping[str, str]) -> str:
    """Return the URL at which the scheduler continues after some choices.

    Args:
        choice: ``answer``, ``language``, ``channel``, ``branch``, ``agent``, ``time``;
            empty values are left out of the URL.
    """
    query = urlencode({name: value for name, value in choice.items() if value})
    here = in_language(SCHEDULE)
    return f"{here}?{query}" if query else here


def room_door_route(appointment_id: object) -> str:
    """Return the URL at which staff enter an appointment's room; not a page."""
    return f"/session/rooms/{appointment_id}"
