"""Where each page lives; every link and redirect takes its address from here."""

from typing import Final

LANDING: Final = "/"
SCHEDULE: Final = "/schedule"
STATUS: Final = "/a/[token]"
LIMIT: Final = "/a/[token]/limit"
SIGN_IN: Final = "/sign-in"
BOOKINGS: Final = "/bookings"
DASHBOARD: Final = "/dashboard"

SESSION_SIGN_IN: Final = "/session/sign-in"
"""Where the sign-in form is posted; no page."""

SESSION_SIGN_OUT: Final = "/session/sign-out"
"""Where signing out is posted; no page."""

REQUESTED: Final = "requested"
"""In the address of a status page right after the request; not in the mailed link,
whose owner has read the mail."""

ANSWERS: Final = "/answers"
QUEUES: Final = "/queues"
PEOPLE: Final = "/people"
INSTITUTION: Final = "/institution"
AUDIT: Final = "/audit"
PROFILE: Final = "/profile"
CALENDAR_API: Final = "/settings/calendar-api"

ADMINISTRATION: Final = "/settings/general"
"""Where administration begins."""

REFUSED: Final = "refused"
"""In the address of the dashboard, when somebody was led there from a page that is
for administrators only."""


def settings(slug: str) -> str:
    """Return where a settings page lives."""
    return f"/settings/{slug}"
