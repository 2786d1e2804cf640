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

SETTINGS = "the page Calendars of Manage Settings"
_NUMBER = re.compile(r"AADSTS(\d+)")
_SECRET = (
    "Make a new client secret for the app registration in Microsoft Entra, and enter "
    f"its value (not its id) on {SETTINGS}."
)
_DEVICE = (
    "A conditional access rule of the tenant lets the account sign in from certain "
    "devices only, and this server is none. Exempt the account from it in Microsoft "
    "Entra, then sign in again."
)
_LOOP = 50196
_LOOP_LASTS = timedelta(minutes=5)
"""Microsoft says only that it is temporary; its threads speak of minutes."""

_RECONNECT = {
    7000215: f"Microsoft says that the client secret is wrong. {_SECRET}",
    7000222: f"Microsoft says that the client secret has expired. {_SECRET}",
    700016: "Microsoft knows no app registration with this client ID in this tenant. "
    f"Check client ID and tenant on {SETTINGS}.",
    90002: f"Microsoft knows no such tenant. Check the tenant on {SETTINGS}.",
    900023: f"Microsoft knows no such tenant. Check the tenant on {SETTINGS}.",
    50011: "The app registration in Microsoft Entra lacks our redirect address. Add it "
    "there as one of kind Web, exactly as this page shows it.",
    500112: "The app registration in Microsoft Entra lacks our redirect address. Add "
    "it there as one of kind Web, exactly as this page shows it.",
    50020: "This account is of another tenant. Sign in with an account of the tenant "
    f"named on {SETTINGS}.",
    50034: "Microsoft knows no such account. Sign in with another one.",
    50057: "The account that was signed in is disabled. Enable it in Microsoft Entra, "
    "or sign in with another one.",
    54005: "This sign-in was used already. Begin the sign-in again.",
    65004: "The sign-in was cancelled, so nothing was connected. Begin it again and "
    "accept what Microsoft asks.",
    70008: "The sign-in took too long, or was not used for months. Sign in again.",
    700082: "The sign-in was not used for months and has ended. Sign in again.",
    50173: "The sign-in has ended, since the account's password changed or somebody "
    "revoked it. Sign in again.",
    50076: "Microsoft wants a second factor from the account now. Sign in again.",
    50079: "Microsoft wants the account to set up a second factor. Sign in again.",
    50158: "Microsoft wants the account to sign in in person. Sign in again.",
    70043: "The tenant's rule on how often people sign in has ended the sign-in. Sign "
    "in again, and exempt the account from the rule in Microsoft Entra, or it ends "
    "again.",
    70044: "The tenant's rule on how often people sign in has ended the sign-in. Sign "
    "in again, and exempt the account from the rule in Microsoft Entra, or it ends "
    "again.",
    50055: "The account's password has expired. Have it changed, then sign in again.",
    50105: "The app registration is for assigned people only, and this account is none "
    "of them. Assign it under Enterprise applications in Microsoft Entra, then sign in "
    "again.",
    53000: _DEVICE,
    53001: _DEVICE,
    530003: _DEVICE,
    90072: "This account is of another tenant, and no guest of this one. Sign in with "
    f"an account of the tenant named on {SETTINGS}.",
    7000112: "The app registration is disabled in this tenant. Enable it under "
    "Enterprise applications in Microsoft Entra, then sign in again.",
    53003: "A conditional access rule of the tenant keeps the account out. Exempt the "
    "account in Microsoft Entra, then sign in again.",
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
                "Microsoft has seen too many sign-ins of the connected account within "
                "a short time and answers none for some minutes. It is tried again by "
                "itself.",
                _LOOP_LASTS,
                reference=reference,
            )
        if number in _RECONNECT:
            return ReconnectError(_RECONNECT[number], reference=reference)
    error = str(result.get("error", ""))
    if error in _OWN_TROUBLE:
        return ProviderDownError(
            "Microsoft's sign-in has trouble of its own. It is tried again by itself.",
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
        "The institution has not consented to what this product needs: "
        f"{', '.join(needed)}. An administrator of the tenant can consent for "
        f"everybody with the link on {SETTINGS}.",
        needed,
        reference=reference,
    )


def _numbers(result: Mapping[str, Any]) -> list[int]:
    codes = [n for n in result.get("error_codes") or () if isinstance(n, int)]
    text = str(result.get("error_description", ""))
    return [*codes, *(int(number) for number in _NUMBER.findall(text))]


def _otherwise(error: str, numbers: list[int]) -> str:
    number = f" (AADSTS{numbers[0]})" if numbers else ""
    if error == "access_denied":
        return _RECONNECT[65004]
    if error in {"invalid_client", "unauthorized_client"}:
        return (
            f"Microsoft does not accept the app registration{number}. Check client ID, "
            f"client secret and tenant on {SETTINGS}."
        )
    return f"Microsoft wants somebody to sign in again{number}. Sign in again."
