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
from invo_booking.providers.google.reasons import SETTINGS

_OWN_TROUBLE = frozenset(
    {"temporarily_unavailable", "server_error", "internal_failure", "backend_error"}
)
_CONSOLE = "the Google Cloud console"
_BY_ERROR = {
    "invalid_client": "Google does not accept client ID and client secret of the OAuth "
    f"client. Compare both with {_CONSOLE}, and enter them again on {SETTINGS}.",
    "deleted_client": f"The OAuth client was deleted in {_CONSOLE}. Make one there, "
    f"and enter its client ID and secret on {SETTINGS}.",
    "disabled_client": f"The OAuth client is disabled. Enable it in {_CONSOLE}.",
    "redirect_uri_mismatch": "The OAuth client lacks our redirect address. Add it in "
    f"{_CONSOLE}, exactly as this page shows it.",
    "access_denied": "The sign-in was cancelled, or the account is not among the test "
    "users of the OAuth app, so nothing was connected. Begin it again and accept what "
    "Google asks.",
    "admin_policy_enforced": "The organization's administrators do not allow this "
    "application to use Google Calendar. Have them trust its client ID in the Google "
    "Admin console (Security, API controls), then sign in again.",
    "org_internal": "The OAuth client is for accounts of its own organization only. "
    "Sign in with an account of that organization.",
    "invalid_scope": "Google does not know what was asked of it. Check whether the "
    f"Google Calendar API is switched on in {_CONSOLE}.",
}
_BY_WORDS = {
    "invalid_rapt": "The organization's rule on how long sign-ins to Google Cloud last "
    "has ended this one. Sign in again, and exempt the application from the rule in "
    "the Google Admin console, or connect by a service account.",
    "malformed auth code": "This sign-in was used already, or took too long. Begin the "
    "sign-in again.",
    "code verifier": "This is not the sign-in that was begun here. Begin it again.",
    "jwt signature": "Google does not accept the key of the service account: it was "
    f"deleted, or is of another account. Make a new key in {_CONSOLE}, and enter it on "
    f"{SETTINGS}.",
    "short-lived": "Google finds this server's clock wrong. Have it set by a time "
    "server; it is tried again by itself.",
    "account not found": f"The service account was deleted in {_CONSOLE}. Make one, "
    f"and enter its key on {SETTINGS}.",
    "valid email": "The connected account does not exist in the organization that has "
    "delegated its domain to the service account. Sign in with one that does.",
    "email or user id": "The connected account does not exist in the organization that "
    "has delegated its domain to the service account. Sign in with one that does.",
}
ENDED = (
    "The sign-in at Google has ended: somebody revoked it, the password of the account "
    "changed, it was not used for six months, or the OAuth app is still in “Testing”, "
    "where sign-ins last seven days. Publish the app as “Internal” in "
    f"{_CONSOLE}, then sign in again."
)


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
        return ProviderDownError(
            "Google's sign-in has trouble of its own. It is tried again by itself."
        )
    if error == "unauthorized_client":
        return PermissionMissingError(
            "The service account may not act for people of the organization. Have a "
            "super admin of Google Workspace add its client ID with these scopes in "
            "the Admin console (Security, API controls, Domain-wide delegation): "
            f"{', '.join(needed)}.",
            needed,
        )
    if error in _BY_ERROR:
        return ReconnectError(_BY_ERROR[error])
    words = description.lower()
    sentence = next((text for part, text in _BY_WORDS.items() if part in words), ENDED)
    if error == "invalid_grant":
        return ReconnectError(sentence)
    return ReconnectError(
        f"Google refuses the sign-in ({_word(error)}). Check client ID and secret on "
        f"{SETTINGS}, then sign in again."
    )


def _word(error: str) -> str:
    plain = error.replace("_", "")
    return error if plain.isascii() and plain.isalnum() else "for no known reason"
