"""Sign in at Microsoft and renew tokens, using MSAL over our HTTP client."""

import json
import time
import warnings
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any, Final, cast
from urllib.parse import urlencode
from uuid import UUID

import httpx
import msal  # pyright: ignore[reportMissingTypeStubs]  (it has no types)

from invo_booking.domain.calendars.outside import Grant, Registration, SignIn
from invo_booking.domain.calendars.provider_errors import (
    ProviderDownError,
    ReconnectError,
)
from invo_booking.providers.http import VendorClient
from invo_booking.providers.microsoft.graph import unreadable_answer_error
from invo_booking.providers.microsoft.id_token import Expected, verify_id_token
from invo_booking.providers.microsoft.permissions import (
    names_needed,
    plain_scope_names,
    scopes_for,
)
from invo_booking.providers.microsoft.refusals import authority_refusal
from invo_booking.providers.responses import VendorResponse
from invo_booking.texts import say

ANY_TENANT: Final = "organizations"
SECONDS: Final = 15.0
_UNREADABLE = (AttributeError, KeyError, RuntimeError, TypeError, ValueError)
"""Exceptions that MSAL raises for malformed responses."""

_BROUGHT_BACK = ("code", "state", "error", "error_description")


class Authority:
    """Signs in at Microsoft's authority; every call creates a new MSAL application.

    An MSAL application caches error responses. If it were used for several calls, it
    would still fail after an administrator has fixed the cause.
    """

    def __init__(
        self,
        caller: VendorClient,
        address: str,
        *,
        seconds: float = SECONDS,
        scopes: tuple[str, ...] = (),
    ) -> None:
        """Create the object without calling Microsoft.

        Args:
            address: Base URL without a tenant.
            seconds: Time limit of a whole sign-in or renewal.
            scopes: Scopes requested from a person who signs in; if empty, the scopes
                that the registration's host calendar needs.
        """
        self._caller, self._address, self._seconds = caller, address, seconds
        self._scopes = scopes

    def begin(self, by: Registration, redirect_uri: str, state: str = "") -> SignIn:
        """Start a sign-in; see ``domain.calendars.ports.Provider``."""
        app = self._app(by, by.tenant, msal.SerializableTokenCache())
        with warnings.catch_warnings():
            # MSAL recommends that Microsoft's page posts a form to us, but browsers do
            # not send the session cookie with a form posted from another site.
            warnings.filterwarnings("ignore", "response_mode='form_post'")
            flow = cast(
                "dict[str, Any]",
                app.initiate_auth_code_flow(
                    self._scopes_by(by),
                    redirect_uri=redirect_uri,
                    state=state or None,
                    prompt="select_account",
                ),
            )
        return SignIn(
            address=flow["auth_uri"], state=flow["state"], flow=json.dumps(flow)
        )

    def finish(
        self, by: Registration, flow: str, answer: Mapping[str, str], now: datetime
    ) -> Grant:
        """Finish a sign-in; see ``domain.calendars.ports.Provider``."""
        cache = msal.SerializableTokenCache()
        app = self._app(by, by.tenant, cache)
        brought = {name: answer[name] for name in _BROUGHT_BACK if name in answer}
        try:
            result = app.acquire_token_by_auth_code_flow(json.loads(flow), brought)
        except (ValueError, RuntimeError):  # a state or nonce that is not ours
            raise ReconnectError(say("microsoft.oauth.not_begun_here")) from None
        except _UNREADABLE:
            raise unreadable_answer_error() from None
        _check_result(by, result)
        claims = _claims(by, app, json.loads(flow), result, now)
        _check_tenant(by, str(app.authority.tenant), str(claims.get("tid", "")))
        return Grant(
            blob=cache.serialize(),
            account=str(claims.get("preferred_username", "")),
            account_name=str(claims.get("name", "")),
            tenant=str(claims.get("tid", "")),
            scopes=_granted_scopes(result, cache.serialize()),
            expires_at=_token_end(result, now),
        )

    def renew(self, by: Registration, grant: Grant, now: datetime) -> Grant:
        """Get a new access token; see ``domain.calendars.ports.Provider``."""
        cache = msal.SerializableTokenCache()
        cast("Any", cache).deserialize(_without_access_tokens(grant.blob))
        app = self._app(by, grant.tenant or by.tenant, cache)
        accounts = app.get_accounts()
        try:
            result = accounts and app.acquire_token_silent_with_error(
                self._scopes_by(by), accounts[0], force_refresh=True
            )
        except _UNREADABLE:
            raise unreadable_answer_error() from None
        if not result:
            raise ReconnectError(say("microsoft.oauth.not_signed_in"))
        _check_result(by, result)
        blob = cache.serialize()
        return Grant(
            blob=blob,
            account=grant.account,
            account_name=grant.account_name,
            tenant=grant.tenant,
            scopes=_granted_scopes(result, blob),
            expires_at=_token_end(result, now),
        )

    def refresh(
        self, by: Registration, refresh_token: str, now: datetime
    ) -> tuple[str, str, datetime]:
        """Get a new access token.

        Returns:
            The access token, the newest refresh token, and the instant at which the
            access token expires.

        Raises:
            ReconnectError: If a person must sign in again.
        """
        app = self._app(by, by.tenant, msal.SerializableTokenCache())
        try:
            result: Mapping[str, Any] = app.acquire_token_by_refresh_token(
                refresh_token, self._scopes_by(by)
            )
        except _UNREADABLE:
            raise unreadable_answer_error() from None
        _check_result(by, result)
        lasting = str(result.get("refresh_token") or refresh_token)
        return str(result["access_token"]), lasting, _token_end(result, now)

    def access_token(self, grant: Grant) -> str:
        """Return the access token of a grant; see ``domain.calendars.ports``."""
        return access_token(grant)

    def consent_url(self, by: Registration, redirect_uri: str, state: str) -> str:
        """Return the URL at which a tenant's administrator consents."""
        parameters = urlencode(
            {"client_id": by.client_id, "redirect_uri": redirect_uri, "state": state}
        )
        return f"{self._address}/{by.tenant or ANY_TENANT}/adminconsent?{parameters}"

    def _scopes_by(self, by: Registration) -> list[str]:
        return list(self._scopes or scopes_for(has_own_host=by.has_own_host))

    def _app(self, by: Registration, tenant: str, cache: Any) -> Any:
        try:
            return msal.ConfidentialClientApplication(
                by.client_id,
                client_credential=by.secret,
                authority=f"{self._address}/{tenant or ANY_TENANT}",
                token_cache=cache,
                http_client=_MsalLine(self._caller, self._seconds),
                instance_discovery=False,  # trust the address in the configuration
            )
        except ValueError:  # MSAL's error for an unknown tenant
            raise ReconnectError(say("microsoft.oauth.unknown_tenant")) from None
        except _UNREADABLE:
            raise unreadable_answer_error() from None


def access_token(grant: Grant) -> str:
    """Return the newest access token in a grant.

    Raises:
        ReconnectError: If the grant contains none.
    """
    tokens = _parse_blob(grant.blob).get("AccessToken", {}).values()
    newest = max(tokens, key=lambda entry: int(entry["cached_at"]), default=None)
    if newest is None:
        raise ReconnectError(say("microsoft.oauth.not_signed_in"))
    return str(newest["secret"])


def lasting_token(grant: Grant) -> str:
    """Return the refresh token in a grant.

    Raises:
        ReconnectError: If the grant contains none.
    """
    tokens = list(_parse_blob(grant.blob).get("RefreshToken", {}).values())
    if not tokens:
        raise ReconnectError(say("microsoft.oauth.no_refresh_token"))
    return str(tokens[0]["secret"])


class _MsalLine:
    """Our HTTP client as MSAL's transport, created for each sign-in or renewal.

    Network errors and errors of Microsoft's servers are raised as our own errors, so
    MSAL never sees the servers' error responses and cannot log them.
    """

    def __init__(self, caller: VendorClient, seconds: float) -> None:
        self._caller = caller
        self._ends = time.monotonic() + seconds

    def get(
        self, url: str, params: Any = None, headers: Any = None, **_: Any
    ) -> "_MsalAnswer":
        """Send a GET request for MSAL."""
        request = self._caller.request("GET", url, params=params, headers=headers)
        return self._send(request)

    def post(
        self,
        url: str,
        params: Any = None,
        data: Any = None,
        headers: Any = None,
        **_: Any,
    ) -> "_MsalAnswer":
        """Post a form for MSAL."""
        body: dict[str, Any] = (
            {"content": data} if isinstance(data, str) else {"data": data}
        )
        request = self._caller.request(
            "POST", url, params=params, headers=headers, **body
        )
        return self._send(request)

    def close(self) -> None:
        """Do nothing: the client belongs to the process."""

    def _send(self, request: httpx.Request) -> "_MsalAnswer":
        left = max(self._ends - time.monotonic(), 0.01)
        endpoint = request.url.path.rsplit("/", 1)[-1]
        answer = self._caller.send(request, f"sign-in/{endpoint}", left)
        if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise ProviderDownError(
                say("microsoft.oauth.server_error"),
                reference=answer.reference,
            )
        try:
            answer.json()
        except ValueError:
            raise self._caller.unreadable(request, answer) from None
        return _MsalAnswer(answer)


class _MsalAnswer:
    """A response in the form MSAL expects."""

    def __init__(self, answer: VendorResponse) -> None:
        self.status_code = answer.status
        self.headers = answer.headers
        self.text = answer.content.decode("utf-8", "replace")

    def raise_for_status(self) -> None:
        """Do nothing: errors were raised already."""


def _check_result(by: Registration, result: Mapping[str, Any]) -> None:
    if "access_token" not in result:
        raise authority_refusal(result, names_needed(has_own_host=by.has_own_host))


def _claims(
    by: Registration,
    app: Any,
    begun: Mapping[str, Any],
    result: Mapping[str, Any],
    now: datetime,
) -> Mapping[str, Any]:
    """Return the verified claims of the ID token."""
    expected = Expected(
        issuer=str(app.authority._issuer),  # noqa: SLF001  (MSAL tells it nowhere else)
        client_id=by.client_id,
        nonce=str(begun.get("nonce", "")),
    )
    return verify_id_token(str(result.get("id_token", "")), expected, now)


def _check_tenant(by: Registration, resolved: str, signed_in: str) -> None:
    """Refuse an account whose tenant is not the registration's tenant.

    A domain name in the registration stands for the tenant that it resolves to.
    """
    if not signed_in:
        raise unreadable_answer_error()
    expected = next((name for name in (by.tenant, resolved) if _is_guid(name)), "")
    if expected and expected.lower() != signed_in.lower():
        raise ReconnectError(say("microsoft.oauth.other_tenant"))


def _is_guid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _granted_scopes(result: Mapping[str, Any], blob: str) -> frozenset[str]:
    """Return the granted scopes, with ``offline_access`` if there is a refresh token.

    Microsoft does not list ``offline_access`` among the granted scopes.
    """
    names = plain_scope_names(str(result.get("scope", "")).split())
    lasts = bool(_parse_blob(blob).get("RefreshToken"))
    return frozenset({*names, "offline_access"} if lasts else names)


def _token_end(result: Mapping[str, Any], now: datetime) -> datetime:
    """Return the instant, by our own clock, at which the token expires."""
    return now.astimezone(UTC) + timedelta(seconds=int(result.get("expires_in", 0)))


def _without_access_tokens(blob: str) -> str:
    return json.dumps({**_parse_blob(blob), "AccessToken": {}})


def _parse_blob(blob: str) -> dict[str, dict[str, Any]]:
    try:
        return cast("dict[str, dict[str, Any]]", json.loads(blob or "{}"))
    except ValueError:
        raise ReconnectError(say("microsoft.oauth.damaged")) from None
