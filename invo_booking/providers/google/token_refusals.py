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
    "invalid_client": "google.token_refusals.google_not_accept_client",
    "deleted_client": "google.token_refusals.oauth_client_deleted_google",
    "disabled_client": "google.token_refusals.oauth_client_disabled_enable",
    "redirect_uri_mismatch": "google.token_refusals.oauth_client_lacks_redirect",
    "access_denied": "google.token_refusals.sign_cancelled_account_not",
    "admin_policy_enforced": "google.token_refusals.organizations_administrators",
    "org_internal": "google.token_refusals.oauth_client_accounts_own",
    "invalid_scope": "google.token_refusals.google_not_know_what",
}
_BY_WORDS = {
    "invalid_rapt": "google.token_refusals.organizations_rule_how_long",
    "malformed auth code": "google.token_refusals.sign_used_already_took",
    "code verifier": "google.oauth.not_sign_begun_begin",
    "jwt signature": "google.token_refusals.google_not_accept_key",
    "short-lived": "google.token_refusals.google_finds_servers_clock",
    "account not found": "google.token_refusals.service_account_deleted_google",
    "valid email": "google.token_refusals.connected_account_not_exist",
    "email or user id": "google.token_refusals.connected_account_not_exist",
}
ENDED = "google.token_refusals.sign_google_ended_somebody"


def token_refusal(
    error: str, description: str, needed: tuple[str, ...]
) -> ProviderError:
    """Return our error for an error of Google's sign-in, or of its redirect.

    Args:
        error: OAuth's word.
        description: Google's sentence; never repeated.
        needed: Scopes a service account was to be delegated.
    """
    if error in _OWN_TROUBLE:
        return ProviderDownError(say("google.oauth.googles_sign_trouble_own"))
    if error == "unauthorized_client":
        return PermissionMissingError(
            say(
                "google.token_refusals.service_account_not_act", list=", ".join(needed)
            ),
            needed,
        )
    if error in _BY_ERROR:
        return ReconnectError(say(_BY_ERROR[error]))
    words = description.lower()
    key = next((key for part, key in _BY_WORDS.items() if part in words), ENDED)
    if error == "invalid_grant":
        return ReconnectError(say(key))
    return ReconnectError(
        say("google.token_refusals.google_refuses_sign_check", word=_word(error))
    )


def _word(error: str) -> str:
    plain = error.replace("_", "")
    return (
        error
        if plain.isascii() and plain.isalnum()
        else say("google.token_refusals.no_known_reason")
    )
