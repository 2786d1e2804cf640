"""Convert Google's reasons for refused calls to our errors.

Source:
    developers.google.com/workspace/calendar/api/guides/errors
    github.com/googleapis/google-api-php-client/issues/1725 on quotaExceeded
    github.com/spatie/laravel-google-calendar/issues/159 on service accounts
"""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any, cast

from invo_booking.domain.calendars.provider_errors import (
    PermissionMissingError,
    ProviderError,
    ProviderRefusedError,
    ThrottledError,
)
from invo_booking.providers.responses import VendorResponse, retry_after
from invo_booking.texts import say

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


class ApiRefusedError(ProviderRefusedError):
    """Google refuses the call; what the refusal means depends on the call.

    Attributes:
        reason: Google's ``reason``, such as ``"notFound"``; empty if Google sent none.
    """

    def __init__(self, status: int, reason: str) -> None:
        suffix = f" ({reason})" if reason else ""
        super().__init__(say("google.reasons.refused", suffix=suffix))
        self.status, self.reason = status, reason

    @property
    def is_missing(self) -> bool:
        """Whether the object does not exist, or is not shared with the account."""
        return self.status in {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}

    @property
    def is_repeated(self) -> bool:
        """Whether an object with the chosen id already exists."""
        return self.status == HTTPStatus.CONFLICT

    @property
    def is_outdated(self) -> bool:
        """Whether another client has changed the object first."""
        return self.status == HTTPStatus.PRECONDITION_FAILED


def reason_of(answer: VendorResponse) -> str:
    """Return Google's reason for an error; its message is never quoted."""
    words = _reasons(answer)
    return words[0] if words else ""


def forbidden_error(
    answer: VendorResponse, needs: tuple[str, ...], purpose: str, now: datetime
) -> ProviderError:
    """Return our error for a response with status 403, by its reason.

    Args:
        answer: Google's response.
        needs: Names of the permissions that the call requires.
        purpose: What the call is for, to end a sentence that begins "may not ...".
        now: The current instant in UTC.
    """
    reasons = frozenset(_reasons(answer))
    if limit := _limit(reasons, answer, now):
        return limit
    if reasons & _NO_API:
        return PermissionMissingError(_api_is_off(answer))
    if reasons & _NO_SCOPE:
        return PermissionMissingError(
            say(
                "google.reasons.not_allowed",
                purpose=purpose,
                list=say("google.reasons.or").join(needs),
            ),
            needs,
        )
    return _by_rule(reasons, needs, purpose)


def _limit(
    reasons: frozenset[str], answer: VendorResponse, now: datetime
) -> ThrottledError | None:
    if reasons & _USED_UP:
        return ThrottledError(
            say("google.reasons.quota"),
            _HOUR,
        )
    if reasons & _TOO_FAST:
        return ThrottledError(
            say("google.reasons.limited"),
            retry_after(answer.headers, now),
        )
    return None


def _by_rule(
    reasons: frozenset[str], needs: tuple[str, ...], purpose: str
) -> ProviderError:
    if "forbiddenForServiceAccounts" in reasons:
        return PermissionMissingError(
            say("google.reasons.service_account_cannot_invite")
        )
    if "forbiddenForNonOrganizer" in reasons:
        return ProviderRefusedError(say("google.reasons.foreign_event"))
    if "notACalendarUser" in reasons:
        return PermissionMissingError(say("google.reasons.no_calendar"))
    if reasons & _READ_ONLY:
        return PermissionMissingError(
            say("google.reasons.read_only", purpose=purpose),
            needs,
        )
    word = f" ({min(reasons)})" if reasons else ""
    return PermissionMissingError(
        say("google.reasons.forbidden", purpose=purpose, word=word),
        needs,
    )


def _api_is_off(answer: VendorResponse) -> str:
    link = _ACTIVATION.search(_message(answer))
    place = (
        say("google.reasons.at", link=link[0])
        if link
        else say("google.reasons.in_console")
    )
    return say("google.reasons.api_off", place=place)


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
