"""Convert the reasons for which Google refuses a call to our errors.

Source:
    developers.google.com/workspace/calendar/api/guides/errors
    github.com/googleapis/google-api-php-client/issues/1725 on quotaExceeded
    github.com/spatie/laravel-google-calendar/issues/159 on service accounts
"""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any, Final, cast

from invo_booking.domain.calendars.provider_errors import (
    PermissionMissingError,
    ProviderError,
    ProviderRefusedError,
    ThrottledError,
)
from invo_booking.providers.http import VendorResponse, retry_after

_WORD = re.compile(r"[A-Za-z_]{1,60}")
_ACTIVATION = re.compile(
    r"https://console\.(?:developers|cloud)\.google\.com/[\w./-]+(?:\?project=[\w.:-]+)?"
)
_TOO_FAST = frozenset({"rateLimitExceeded", "userRateLimitExceeded"})
_USED_UP = frozenset({"quotaExceeded", "dailyLimitExceeded"})
_NO_API = frozenset({"accessNotConfigured", "SERVICE_DISABLED"})
_NO_SCOPE = frozenset({"insufficientPermissions", "ACCESS_TOKEN_SCOPE_INSUFFICIENT"})
_READ_ONLY = frozenset({"requiredAccessLevel", "forbidden"})
_HOUR = timedelta(hours=1)
SETTINGS: Final = "the page Calendars of Manage Settings"


class ApiRefusedError(ProviderRefusedError):
    """Google refuses the call; the meaning depends on the call.

    Attributes:
        reason: Google's own word; empty if it sent none.
    """

    def __init__(self, status: int, reason: str) -> None:
        suffix = f" ({reason})" if reason else ""
        super().__init__(
            f"Google does not take this request{suffix}. It is not sent again as it is."
        )
        self.status, self.reason = status, reason

    @property
    def is_missing(self) -> bool:
        """Whether the object does not exist, or is not shared with the account."""
        return self.status in {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}

    @property
    def is_repeated(self) -> bool:
        """Whether the id was used before."""
        return self.status == HTTPStatus.CONFLICT

    @property
    def is_outdated(self) -> bool:
        """Whether another change came first."""
        return self.status == HTTPStatus.PRECONDITION_FAILED


def reason_of(answer: VendorResponse) -> str:
    """Return Google's word for an error; the rest is never repeated."""
    words = _reasons(answer)
    return words[0] if words else ""


def forbidden_error(
    answer: VendorResponse, needs: tuple[str, ...], purpose: str, now: datetime
) -> ProviderError:
    """Return what a 403 means, by its reason.

    Args:
        answer: Google's answer.
        needs: Names of the permissions of the call.
        purpose: What was tried, as the end of "may not ...".
        now: The present instant in UTC.
    """
    reasons = frozenset(_reasons(answer))
    if limit := _limit(reasons, answer, now):
        return limit
    if reasons & _NO_API:
        return PermissionMissingError(_api_is_off(answer))
    if reasons & _NO_SCOPE:
        return PermissionMissingError(
            f"The connected account may not {purpose}: it has not allowed "
            f"{' or '.join(needs)}. Sign in again on {SETTINGS}, and tick every box on "
            "Google's page. With a service account, have a super admin of Google "
            "Workspace add these scopes to its delegation.",
            needs,
        )
    return _by_rule(reasons, needs, purpose)


def _limit(
    reasons: frozenset[str], answer: VendorResponse, now: datetime
) -> ThrottledError | None:
    if reasons & _USED_UP:
        return ThrottledError(
            "Google says that the quota is used up: that of the project in the Google "
            "Cloud console, or how many people an account may invite within a day. It "
            "is tried again in an hour; if it lasts, have the quota raised there.",
            _HOUR,
        )
    if reasons & _TOO_FAST:
        return ThrottledError(
            "Google asks for patience. It is asked again by itself.",
            retry_after(answer.headers, now),
        )
    return None


def _by_rule(
    reasons: frozenset[str], needs: tuple[str, ...], purpose: str
) -> ProviderError:
    if "forbiddenForServiceAccounts" in reasons:
        return PermissionMissingError(
            "Google does not let the service account invite anybody, since it acts for "
            "itself. Have a super admin of Google Workspace delegate the domain to it "
            "(Admin console, Security, API controls), then sign in again on "
            f"{SETTINGS}."
        )
    if "forbiddenForNonOrganizer" in reasons:
        return ProviderRefusedError(
            "The event belongs to somebody else than the connected account, so Google "
            "does not let it be changed. Delete the event in Google Calendar, then "
            "write the appointment again."
        )
    if "notACalendarUser" in reasons:
        return PermissionMissingError(
            "The connected account has no Google Calendar. Have it switched on for the "
            "account in the Google Admin console, or sign in with another account."
        )
    if reasons & _READ_ONLY:
        return PermissionMissingError(
            f"The connected account may not {purpose}: Google lets it read the "
            "calendar only. Choose a calendar that the account owns, or have its owner "
            "let the account make changes.",
            needs,
        )
    word = f" ({min(reasons)})" if reasons else ""
    return PermissionMissingError(
        f"The connected account may not {purpose}{word}. Look whether the "
        "organization's rules in the Google Admin console keep this application out.",
        needs,
    )


def _api_is_off(answer: VendorResponse) -> str:
    link = _ACTIVATION.search(_message(answer))
    place = f" at {link[0]}" if link else " in the Google Cloud console"
    return (
        "The Google Calendar API is not switched on for the project of the OAuth "
        f"client. Switch it on{place}; some minutes later it is used by itself."
    )


def _error(answer: VendorResponse) -> Mapping[str, Any]:
    try:
        error = answer.json()["error"]
    except (ValueError, TypeError, KeyError):
        return {}
    return cast("Mapping[str, Any]", error) if isinstance(error, dict) else {}


def _message(answer: VendorResponse) -> str:
    return str(_error(answer).get("message") or "")


def _reasons(answer: VendorResponse) -> list[str]:
    error = _error(answer)
    reasons: list[str] = []
    for name in ("errors", "details"):
        entries: Any = error.get(name)
        for entry in cast("list[Any]", entries) if isinstance(entries, list) else []:
            try:
                word = str(entry["reason"])
            except (KeyError, TypeError):
                continue
            if _WORD.fullmatch(word):
                reasons.append(word)
    return reasons
