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

SESSION_PASSWORD: Final = "/session/password"  # noqa: S105  # an address
"""Where a new password is posted; no page."""

SESSION_TOKENS: Final = "/session/tokens"
"""Where a token for a program is asked for; its answer shows the token, once."""

TOPIC: Final = "topic"
"""In the address of the scheduler: the topic that is chosen already, by its id."""

LANGUAGE: Final = "language"
CHANNEL: Final = "channel"
"""In the address of the scheduler, beside the topic."""

ANSWERS: Final = "/answers"
QUEUES: Final = "/queues"
PEOPLE: Final = "/people"
INSTITUTION: Final = "/institution"
AUDIT: Final = "/audit"
PROFILE: Final = "/profile"
CALENDAR_API: Final = "/settings/calendar-api"

ADMINISTRATION: Final = "/settings/general"
"""Where administration begins."""

TRIAL_MAIL: Final = "/api/v1/admin/mail/test"
"""Where a test mail is asked for; no page."""

REFUSED: Final = "refused"
"""In the address of the dashboard, when somebody was led there from a page that is
for administrators only."""


def settings(slug: str) -> str:
    """Return where a settings page lives."""
    return f"/settings/{slug}"


STAFF_PAGES: Final = frozenset(
    {
        BOOKINGS,
        DASHBOARD,
        PROFILE,
        ANSWERS,
        QUEUES,
        PEOPLE,
        INSTITUTION,
        AUDIT,
        CALENDAR_API,
        *map(settings, ("general", "time", "calendars", "ux", "mailer", "branding")),
    }
)
"""Pages somebody may be led back to after signing in."""
