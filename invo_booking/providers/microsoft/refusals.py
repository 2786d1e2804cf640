"""Convert Microsoft's refusals of sign-ins and tokens to our errors."""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from invo_booking.domain.calendars.provider_errors import (
    PermissionMissingError,
    ProviderDownError,
    ProviderError,
    ReconnectError,
    ThrottledError,
)
from invo_booking.texts import say

_NUMBER = re.compile(r"AADSTS(\d+)")
_DEVICE = "microsoft.refusals.device_rule"
_LOOP = 50196
_LOOP_LASTS = timedelta(minutes=5)
"""How long Microsoft refuses a client that has repeated a request too often.

Microsoft says only that the refusal is temporary; threads in its forums report that it
lasts some minutes.
"""

_RECONNECT = {
    7000215: "microsoft.refusals.secret_wrong",
    7000222: "microsoft.refusals.secret_expired",
    700016: "microsoft.refusals.unknown_app",
    90002: "microsoft.oauth.unknown_tenant",
    900023: "microsoft.oauth.unknown_tenant",
    50011: "microsoft.refusals.redirect_unknown",
    500112: "microsoft.refusals.redirect_unknown",
    50020: "microsoft.refusals.other_tenant",
    50034: "microsoft.refusals.unknown_account",
    50057: "microsoft.refusals.account_disabled",
    54005: "microsoft.refusals.code_used",
    65004: "microsoft.refusals.cancelled",
    70008: "microsoft.refusals.code_expired",
    700082: "microsoft.refusals.unused",
    50173: "microsoft.refusals.revoked",
    50076: "microsoft.refusals.second_factor",
    50079: "microsoft.refusals.second_factor_setup",
    50158: "microsoft.refusals.person_needed",
    70043: "microsoft.refusals.sign_in_frequency",
    70044: "microsoft.refusals.sign_in_frequency",
    50055: "microsoft.refusals.password_expired",
    50105: "microsoft.refusals.not_assigned",
    53000: _DEVICE,
    53001: _DEVICE,
    530003: _DEVICE,
    90072: "microsoft.refusals.not_guest",
    7000112: "microsoft.refusals.app_disabled",
    53003: "microsoft.refusals.access_rule",
}
_CONSENT = frozenset({65001, 90008, 90093, 90094, 90095, 650057})
_OWN_TROUBLE = frozenset({"temporarily_unavailable", "server_error"})


def authority_refusal(
    result: Mapping[str, Any], needed: tuple[str, ...]
) -> ProviderError:
    """Return our error for an error that the authority sent, directly or by redirect.

    Args:
        result: Contains ``error``, and usually ``error_description``.
        needed: Names of the requested permissions.

    Source:
        learn.microsoft.com/entra/identity-platform/reference-error-codes
    """
    numbers, reference = _numbers(result), str(result.get("correlation_id", ""))
    for number in numbers:
        if number in _CONSENT:
            return missing_consent_error(needed, reference)
        if number == _LOOP:
            return ThrottledError(
                say("microsoft.refusals.too_many"),
                _LOOP_LASTS,
                reference=reference,
            )
        if number in _RECONNECT:
            return ReconnectError(say(_RECONNECT[number]), reference=reference)
    error = str(result.get("error", ""))
    if error in _OWN_TROUBLE:
        return ProviderDownError(
            say("microsoft.oauth.server_error"),
            reference=reference,
        )
    if error == "consent_required":
        return missing_consent_error(needed, reference)
    return ReconnectError(_otherwise(error, numbers), reference=reference)


def missing_consent_error(
    needed: tuple[str, ...], reference: str
) -> PermissionMissingError:
    """Return the error for permissions without consent."""
    return PermissionMissingError(
        say("microsoft.refusals.no_consent", list=", ".join(needed)),
        needed,
        reference=reference,
    )


def _numbers(result: Mapping[str, Any]) -> list[int]:
    codes = [n for n in result.get("error_codes") or () if isinstance(n, int)]
    text = str(result.get("error_description", ""))
    return [*codes, *(int(number) for number in _NUMBER.findall(text))]


def _otherwise(error: str, numbers: list[int]) -> str:
    number = say("microsoft.refusals.number", numbers=numbers[0]) if numbers else ""
    if error == "access_denied":
        return say(_RECONNECT[65004])
    if error in {"invalid_client", "unauthorized_client"}:
        return say("microsoft.refusals.app_refused", number=number)
    return say("microsoft.refusals.sign_in_again", number=number)
