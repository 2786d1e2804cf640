"""Convert Google's refusals of sign-ins and tokens to our errors.

Source:
    developers.google.com/identity/protocols/oauth2/web-server#errors
    developers.google.com/identity/protocols/oauth2/service-account#jwt-error-codes
    developers.google.com/identity/protocols/oauth2#expiration
"""

from invo_booking.domain.calendars.provider_errors import (
    PermissionMissingError,
    ProviderDownError,
    ProviderError,
    ReconnectError,
)
from invo_booking.texts import say

_OWN_TROUBLE = frozenset(
    {"temporarily_unavailable", "server_error", "internal_failure", "backend_error"}
)
_BY_ERROR = {
    "invalid_client": "google.token_refusals.wrong_client",
    "deleted_client": "google.token_refusals.client_deleted",
    "disabled_client": "google.token_refusals.client_disabled",
    "redirect_uri_mismatch": "google.token_refusals.redirect_unknown",
    "access_denied": "google.token_refusals.cancelled",
    "admin_policy_enforced": "google.token_refusals.not_allowed_by_organization",
    "org_internal": "google.token_refusals.own_organization_only",
    "invalid_scope": "google.token_refusals.unknown_request",
}
_BY_WORDS = {
    "invalid_rapt": "google.token_refusals.session_length",
    "malformed auth code": "google.token_refusals.code_used",
    "code verifier": "google.oauth.not_begun_here",
    "jwt signature": "google.token_refusals.wrong_key",
    "short-lived": "google.token_refusals.clock_wrong",
    "account not found": "google.token_refusals.service_account_deleted",
    "valid email": "google.token_refusals.unknown_account",
    "email or user id": "google.token_refusals.unknown_account",
}
ENDED = "google.token_refusals.ended"


def token_refusal(
    error: str, description: str, needed: tuple[str, ...]
) -> ProviderError:
    """Return our error for an error that Google has sent, directly or by redirect.

    Args:
        error: OAuth's error code.
        description: Google's description of the error; never quoted.
        needed: For a service account, the scopes that have to be delegated to it.
    """
    if error in _OWN_TROUBLE:
        return ProviderDownError(say("google.oauth.server_error"))
    if error == "unauthorized_client":
        return PermissionMissingError(
            say("google.token_refusals.not_delegated", list=", ".join(needed)),
            needed,
        )
    if error in _BY_ERROR:
        return ReconnectError(say(_BY_ERROR[error]))
    words = description.lower()
    key = next((key for part, key in _BY_WORDS.items() if part in words), ENDED)
    if error == "invalid_grant":
        return ReconnectError(say(key))
    return ReconnectError(say("google.token_refusals.unexpected", word=_word(error)))


def _word(error: str) -> str:
    plain = error.replace("_", "")
    return (
        error
        if plain.isascii() and plain.isalnum()
        else say("google.token_refusals.no_reason")
    )
