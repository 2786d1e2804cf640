"""How Google refuses a call."""

from typing import Any

from tests.support.vendor.wire import Reply


class RefusalError(Exception):
    """Google says no, with its own reason and words."""

    def __init__(
        self,
        code: int,
        reason: str,
        message: str,
        domain: str = "global",
        **more: Any,
    ) -> None:
        super().__init__(message)
        self.code, self.reason, self.message = code, reason, message
        self.domain, self.more = domain, more

    def reply(self) -> Reply:
        """Return it the way Google writes errors."""
        return google_error(
            self.code, self.reason, self.message, self.domain, **self.more
        )


def google_error(
    code: int, reason: str, message: str, domain: str = "global", **more: Any
) -> Reply:
    """Return an error of the Calendar API.

    Args:
        code: Status of HTTP.
        reason: Google's own word.
        message: What it means.
        domain: What part of Google says so.
        more: Further fields of the error, as its front end adds them.
    """
    item = {"domain": domain, "reason": reason, "message": message}
    error = {"errors": [item], "code": code, "message": message, **more}
    return Reply(code, {"error": error})


def not_found() -> RefusalError:
    """Return what a thing that does not exist, or is not shared, is answered with."""
    return RefusalError(404, "notFound", "Not Found")


def invalid(message: str = "Bad Request", reason: str = "badRequest") -> RefusalError:
    """Return what a request that makes no sense is answered with."""
    return RefusalError(400, reason, message)


API_PAGE = (
    "https://console.developers.google.com/apis/api/calendar-json.googleapis.com/"
    "overview?project="
)
NOT_CONFIGURED = (
    "Google Calendar API has not been used in project 1029384756 before or it is "
    f"disabled. Enable it by visiting {API_PAGE}1029384756 then retry. If you enabled "
    "this API recently, wait a few minutes for the action to propagate to our systems "
    "and retry."
)
NO_DELEGATION = (
    "Service accounts cannot invite attendees without Domain-Wide Delegation of "
    "Authority."
)
REASONS: dict[str, tuple[str, str]] = {
    "rateLimitExceeded": ("usageLimits", "Rate Limit Exceeded"),
    "userRateLimitExceeded": ("usageLimits", "User Rate Limit Exceeded"),
    "quotaExceeded": ("usageLimits", "Calendar usage limits exceeded."),
    "dailyLimitExceeded": ("usageLimits", "Daily Limit Exceeded"),
    "accessNotConfigured": ("usageLimits", NOT_CONFIGURED),
    "insufficientPermissions": ("global", "Insufficient Permission"),
    "forbiddenForServiceAccounts": ("calendar", NO_DELEGATION),
    "forbiddenForNonOrganizer": (
        "calendar",
        "Shared properties can only be changed by the organizer of the event.",
    ),
    "requiredAccessLevel": (
        "calendar",
        "You need to have writer access to this calendar.",
    ),
    "forbidden": ("global", "Forbidden"),
    "notACalendarUser": (
        "global",
        "The user must be signed up for Google Calendar.",
    ),
    "authError": ("global", "Invalid Credentials"),
    "notFound": ("global", "Not Found"),
    "duplicate": ("global", "The requested identifier already exists."),
    "deleted": ("global", "Resource has been deleted"),
    "conditionNotMet": ("global", "Precondition Failed"),
    "backendError": ("global", "Backend Error"),
    "badRequest": ("global", "Bad Request"),
}
USUAL_REASONS = {
    400: "badRequest",
    401: "authError",
    403: "forbidden",
    404: "notFound",
    409: "duplicate",
    410: "deleted",
    412: "conditionNotMet",
    429: "rateLimitExceeded",
}
"""What an error is called when a test has ordered a status only."""


def error_of_reason(status: int, reason: str = "") -> Reply:
    """Return the error Google calls ``reason``, or what is usual for the status."""
    word = reason or USUAL_REASONS.get(status, "backendError")
    domain, message = REASONS.get(word, ("global", word))
    return google_error(status, word, message, domain)
