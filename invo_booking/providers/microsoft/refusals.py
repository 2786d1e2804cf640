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
_DEVICE = "microsoft.refusals.conditional_access_rule_tenant"
_LOOP = 50196
_LOOP_LASTS = timedelta(minutes=5)
"""Microsoft says only that it is temporary; its threads speak of minutes."""

_RECONNECT = {
    7000215: "microsoft.refusals.microsoft_says_client_secret",
    7000222: "microsoft.refusals.microsoft_says_client_secret_2",
    700016: "microsoft.refusals.microsoft_knows_no_app",
    90002: "microsoft.oauth.microsoft_knows_no_tenant",
    900023: "microsoft.oauth.microsoft_knows_no_tenant",
    50011: "microsoft.refusals.app_registration_microsoft",
    500112: "microsoft.refusals.app_registration_microsoft",
    50020: "microsoft.refusals.account_another_tenant_sign",
    50034: "microsoft.refusals.microsoft_knows_no_account",
    50057: "microsoft.refusals.account_signed_disabled_enable",
    54005: "microsoft.refusals.sign_used_already_begin",
    65004: "microsoft.refusals.sign_cancelled_nothing",
    70008: "microsoft.refusals.sign_took_too_long",
    700082: "microsoft.refusals.sign_not_used_months",
    50173: "microsoft.refusals.sign_ended_since_accounts",
    50076: "microsoft.refusals.microsoft_wants_second_factor",
    50079: "microsoft.refusals.microsoft_wants_account_set",
    50158: "microsoft.refusals.microsoft_wants_account_sign",
    70043: "microsoft.refusals.tenants_rule_how_often",
    70044: "microsoft.refusals.tenants_rule_how_often",
    50055: "microsoft.refusals.accounts_password_expired",
    50105: "microsoft.refusals.app_registration_assigned",
    53000: _DEVICE,
    53001: _DEVICE,
    530003: _DEVICE,
    90072: "microsoft.refusals.account_another_tenant_no",
    7000112: "microsoft.refusals.app_registration_disabled",
    53003: "microsoft.refusals.conditional_access_rule_tenant_2",
}
_CONSENT = frozenset({65001, 90008, 90093, 90094, 90095, 650057})
_OWN_TROUBLE = frozenset({"temporarily_unavailable", "server_error"})


def authority_refusal(
    result: Mapping[str, Any], needed: tuple[str, ...]
) -> ProviderError:
    """Return our error for an error of the authority, or of its redirect.

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
                say("microsoft.refusals.microsoft_seen_too_many"),
                _LOOP_LASTS,
                reference=reference,
            )
        if number in _RECONNECT:
            return ReconnectError(say(_RECONNECT[number]), reference=reference)
    error = str(result.get("error", ""))
    if error in _OWN_TROUBLE:
        return ProviderDownError(
            say("microsoft.oauth.microsofts_sign_trouble_own"),
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
        say(
            "microsoft.refusals.institution_not_consented_what", list=", ".join(needed)
        ),
        needed,
        reference=reference,
    )


def _numbers(result: Mapping[str, Any]) -> list[int]:
    codes = [n for n in result.get("error_codes") or () if isinstance(n, int)]
    text = str(result.get("error_description", ""))
    return [*codes, *(int(number) for number in _NUMBER.findall(text))]


def _otherwise(error: str, numbers: list[int]) -> str:
    number = say("microsoft.refusals.aadsts", numbers=numbers[0]) if numbers else ""
    if error == "access_denied":
        return say(_RECONNECT[65004])
    if error in {"invalid_client", "unauthorized_client"}:
        return say("microsoft.refusals.microsoft_not_accept_app", number=number)
    return say("microsoft.refusals.microsoft_wants_somebody_sign", number=number)
