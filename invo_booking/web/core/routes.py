"""Where each page lives; every link and redirect takes its address from here."""

from collections.abc import Mapping, Sequence
from typing import Final
from urllib.parse import urlencode

from invo_booking.settings.spec import Page
from invo_booking.texts import in_language, say

LANDING: Final = "/"
SCHEDULE: Final = "/schedule"
STATUS: Final = "/a/[token]"
LIMIT: Final = "/a/[token]/limit"
SIGN_IN: Final = "/sign-in"
BOOKINGS: Final = "/bookings"
DASHBOARD: Final = "/dashboard"

UNKNOWN: Final = "404"
"""Means every address without a page; no address itself."""

SESSION_SIGN_IN: Final = "/session/sign-in"
"""Where the sign-in form is posted; no page."""

SESSION_SIGN_OUT: Final = "/session/sign-out"
"""Where signing out is posted; no page."""

SESSION_PASSWORD: Final = "/session/password"  # noqa: S105  # an address
"""Where a new password is posted; no page."""

SESSION_FORGOT: Final = "/session/forgot-password"
"""Where a link to set a new password is asked for; drawn by the server."""

SESSION_ACCOUNT_LINK: Final = "/session/account-link"
"""Where a link for another person is asked for; its answer shows the link, once."""

SESSION_TOKENS: Final = "/session/tokens"
"""Where a token of one's own is asked for; its answer shows the token, once."""

SESSION_PROGRAMS: Final = "/session/programs"
"""Where a program is asked for; its answer shows the program's token, once."""

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
"""Where administration begins."""

TRIAL_MAIL: Final = "/api/v1/admin/mail/test"
"""Where a test mail is asked for; no page."""

REFUSED: Final = "refused"
"""In the address of the dashboard, when a person was led there from a page that is
for administrators only."""


def settings_route(slug: str) -> str:
    """Return where a settings page lives."""
    return f"/settings/{slug}"


def schedule_route(choice: Mapping[str, str]) -> str:
    """Return where the scheduler continues after a choice; empty values are left out.

    Args:
        choice: ``answer``, ``language``, ``channel``, ``branch``, ``agent``, ``time``.
    """
    query = urlencode({name: value for name, value in choice.items() if value})
    here = in_language(SCHEDULE)
    return f"{here}?{query}" if query else here


def room_door_route(appointment_id: object) -> str:
    """Return where staff enter the room of an appointment; no page."""
    return f"/session/rooms/{appointment_id}"


MENU: Final[Mapping[str, Sequence[tuple[str, str]]]] = {
    say("menu.groups.product"): [
        (page.value, settings_route(page.slug)) for page in Page
    ],
    say("menu.groups.institution"): [
        (say("menu.answers"), ANSWERS),
        (say("menu.queues"), QUEUES),
        (say("menu.branches"), BRANCHES),
        (say("menu.people"), PEOPLE),
        (say("menu.institution"), INSTITUTION),
    ],
    say("menu.groups.oversight"): [
        (say("menu.audit"), AUDIT),
        (say("menu.programs"), PROGRAMS),
        (say("menu.calendar_api"), CALENDAR_API),
    ],
}
"""Every page of administrators: its words in the menu and its route, by group."""

STAFF_PAGES: Final = frozenset(
    {
        BOOKINGS,
        DASHBOARD,
        PROFILE,
        *(route for group in MENU.values() for _, route in group),
    }
)
"""Pages a person may be led back to after signing in."""
