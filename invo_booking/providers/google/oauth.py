"""Sign in at Google and renew tokens, using Authlib over our HTTP client.

Authlib's own HTTP clients are not used, because they ignore our deadlines and our
proxy.

Source:
    developers.google.com/identity/protocols/oauth2/web-server
"""

import json
import secrets
import time
from collections.abc import Mapping
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any, Final, cast
from urllib.parse import urlencode

from authlib.oauth2.base import OAuth2Error
from authlib.oauth2.client import OAuth2Client

from invo_booking.domain.calendars.outside import Grant, Registration, SignIn
from invo_booking.domain.calendars.provider_errors import (
    ProviderDownError,
    ReconnectError,
)
from invo_booking.providers.google.api import unreadable_answer_error
from invo_booking.providers.google.id_token import Account, verified_account
from invo_booking.providers.google.permissions import (
    CALENDAR_SCOPES,
    IDENTITY,
    SCOPES,
)
from invo_booking.providers.google.service_account import signed_assertion
from invo_booking.providers.google.token_refusals import token_refusal
from invo_booking.providers.http import VendorClient
from invo_booking.providers.responses import VendorResponse
from invo_booking.texts import say

SECONDS: Final = 15.0
FORGOTTEN: Final = (HTTPStatus.OK, HTTPStatus.BAD_REQUEST)
"""HTTP statuses that Google sends for a token that is revoked now, and for a token that
was invalid before."""

BEARER_GRANT: Final = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_Client: Any = OAuth2Client
"""Authlib has no type annotations."""


class GoogleSignIn:
    """Signs in at Google's authorization server."""

    def __init__(
        self,
        caller: VendorClient,
        *,
        consent_page: str,
        token_url: str,
        seconds: float = SECONDS,
        scopes: tuple[str, ...] = SCOPES,
    ) -> None:
        """Create the object without calling Google.

        Args:
            consent_page: URL to which the browser is sent.
            token_url: URL of the token endpoint.
            seconds: Time limit of a whole sign-in or renewal.
            scopes: Scopes requested from a person who signs in.
        """
        self._caller, self._seconds, self._scopes = caller, seconds, scopes
        self._consent_page, self._token_url = consent_page, token_url

    def begin(self, by: Registration, redirect_uri: str, state: str = "") -> SignIn:
        """Start a sign-in; see ``domain.calendars.ports.Provider``.

        With a service account, the sign-in only establishes for which person the
        service account acts.
        """
        flow = {
            "redirect_uri": redirect_uri,
            "state": state or secrets.token_urlsafe(32),
            "nonce": secrets.token_urlsafe(32),
            "code_verifier": secrets.token_urlsafe(48),
        }
        scopes = IDENTITY if by.service_account else self._scopes
        address, _ = self._client(by, " ".join(scopes)).create_authorization_url(
            self._consent_page,
            state=flow["state"],
            code_verifier=flow["code_verifier"],
            redirect_uri=redirect_uri,
            nonce=flow["nonce"],
            access_type="offline",
            prompt="consent",
        )
        return SignIn(address=address, state=flow["state"], flow=json.dumps(flow))

    def finish(
        self, by: Registration, flow: str, answer: Mapping[str, str], now: datetime
    ) -> Grant:
        """Finish a sign-in; see ``domain.calendars.ports.Provider``."""
        begun: dict[str, str] = json.loads(flow)
        if not secrets.compare_digest(
            answer.get("state", "").encode(), begun["state"].encode()
        ):
            raise ReconnectError(say("google.oauth.not_begun_here"))
        if "error" in answer:
            raise token_refusal(answer["error"], "", SCOPES)
        token = self._fetch(
            self._client(by),
            grant_type="authorization_code",
            code=answer.get("code", ""),
            redirect_uri=begun["redirect_uri"],
            code_verifier=begun["code_verifier"],
        )
        identity = str(token.get("id_token") or "")
        who = verified_account(identity, by.client_id, begun["nonce"], now)
        if by.service_account:
            return self._grant_of_service(by, who.email, who.subject, now)
        return _personal_grant(token, who, now)

    def renew(self, by: Registration, grant: Grant, now: datetime) -> Grant:
        """Get a new access token; see ``domain.calendars.ports.Provider``."""
        tokens = _parse_blob(grant.blob)
        if tokens.get("is_service"):
            if not by.service_account:
                raise ReconnectError(say("google.oauth.key_removed"))
            return self._grant_of_service(by, grant.account, grant.tenant, now)
        if not tokens.get("refresh_token"):
            raise ReconnectError(say("google.oauth.not_signed_in"))
        token = self._fetch(
            self._client(by),
            grant_type="refresh_token",
            refresh_token=tokens["refresh_token"],
        )
        scopes = frozenset(str(token.get("scope") or "").split())
        lasting = str(token.get("refresh_token") or tokens["refresh_token"])
        return Grant(
            blob=_blob(token, refresh_token=lasting),
            account=grant.account,
            account_name=grant.account_name,
            tenant=grant.tenant,
            scopes=scopes or grant.scopes,
            expires_at=_token_end(token, now),
        )

    def revoke(self, grant: Grant) -> None:
        """Revoke a sign-in at Google; raise no error if it is already revoked.

        Raises:
            ProviderDownError: If Google cannot be reached, or answers with an error.
        """
        tokens = _parse_blob(grant.blob)
        token = tokens.get("refresh_token") or tokens.get("access_token")
        if not token or tokens.get("is_service"):
            return
        request = self._caller.request(
            "POST",
            f"{self._token_url.rpartition('/')[0]}/revoke",
            data={"token": str(token)},
        )
        answer = self._caller.send(request, "sign-in/revoke", self._seconds)
        if answer.status not in FORGOTTEN:
            raise ProviderDownError(
                say("google.oauth.revoking_status", status=answer.status)
            )

    def access_token(self, grant: Grant) -> str:
        """Return the access token of a grant; see ``domain.calendars.ports``."""
        return access_token(grant)

    def _grant_of_service(
        self, by: Registration, account: str, subject: str, now: datetime
    ) -> Grant:
        """Return a grant with which the service account acts for a person's account."""
        assertion = signed_assertion(
            by.service_account,
            subject=account,
            scopes=CALENDAR_SCOPES,
            audience=self._token_url,
            now=now,
        )
        token = self._fetch(
            self._client(by),
            grant_type=BEARER_GRANT,
            assertion=assertion,
            auth=_Signed(),
        )
        return Grant(
            blob=_blob(token, is_service=True),
            account=account,
            account_name="",
            tenant=subject,
            scopes=frozenset(SCOPES),
            expires_at=_token_end(token, now),
        )

    def _client(self, by: Registration, scope: str = "") -> Any:
        return _Client(
            _AuthlibLine(self._caller, self._seconds),
            client_id=by.client_id,
            client_secret=by.secret,
            token_endpoint_auth_method="client_secret_post",  # noqa: S106  (a name)
            scope=scope or None,
            code_challenge_method="S256",
        )

    def _fetch(self, client: Any, **parts: Any) -> Mapping[str, Any]:
        """Return the token endpoint's response.

        Raises:
            ProviderError: If Google refuses, or the response cannot be read.
        """
        try:
            token: Any = client.fetch_token(self._token_url, **parts)
        except OAuth2Error as refused:
            words = cast("Any", refused)
            error, sentence = str(words.error or ""), str(words.description or "")
            raise token_refusal(error, sentence, CALENDAR_SCOPES) from None
        except (AttributeError, KeyError, TypeError, ValueError):
            raise unreadable_answer_error() from None
        if not token.get("access_token"):
            raise unreadable_answer_error()
        return cast("Mapping[str, Any]", token)


def access_token(grant: Grant) -> str:
    """Return the access token in a grant.

    Raises:
        ReconnectError: If the grant contains none.
    """
    token = _parse_blob(grant.blob).get("access_token")
    if not token:
        raise ReconnectError(say("google.oauth.not_signed_in"))
    return str(token)


def lasting_token(grant: Grant) -> str:
    """Return the refresh token in a grant.

    Raises:
        ReconnectError: If the grant contains none.
    """
    token = _parse_blob(grant.blob).get("refresh_token")
    if not token:
        raise ReconnectError(say("google.oauth.no_refresh_token"))
    return str(token)


def grant_of_refresh_token(account: str, refresh_token: str, now: datetime) -> Grant:
    """Return a grant without an access token, to pass to ``renew`` or ``revoke``."""
    return Grant(
        blob=json.dumps({"refresh_token": refresh_token}),
        account=account,
        account_name="",
        tenant="",
        scopes=frozenset(),
        expires_at=now,
    )


class _Signed:
    """Authlib's client authentication for a signed assertion.

    Adds nothing to the request: the signature is part of the assertion.
    """

    def prepare(
        self, method: str, uri: str, headers: Any, body: str
    ) -> tuple[str, Any, str]:
        """Return the request as it is."""
        del method
        return uri, headers, body


class _AuthlibLine:
    """Our HTTP client as Authlib's transport, created for each sign-in or renewal."""

    def __init__(self, caller: VendorClient, seconds: float) -> None:
        self._caller = caller
        self._ends = time.monotonic() + seconds

    def post(
        self, url: str, data: Any = None, headers: Any = None, auth: Any = None
    ) -> "_AuthlibAnswer":
        """Post a form, with the client authentication that Authlib's ``auth`` adds."""
        url, headers, body = auth.prepare("POST", url, dict(headers), urlencode(data))
        request = self._caller.request("POST", url, content=body, headers=headers)
        left = max(self._ends - time.monotonic(), 0.01)
        answer = self._caller.send(request, "sign-in/token", left)
        if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise ProviderDownError(say("google.oauth.server_error"))
        return _AuthlibAnswer(answer)


class _AuthlibAnswer:
    """A response in the form Authlib expects."""

    def __init__(self, answer: VendorResponse) -> None:
        self.status_code = answer.status
        self.json = answer.json

    def raise_for_status(self) -> None:
        """Do nothing: Authlib itself refuses responses that it cannot read."""


def _personal_grant(token: Mapping[str, Any], who: Account, now: datetime) -> Grant:
    if not token.get("refresh_token"):
        raise ReconnectError(say("google.oauth.no_refresh_token_again"))
    return Grant(
        blob=_blob(token, refresh_token=str(token["refresh_token"])),
        account=who.email,
        account_name="",
        tenant=who.subject,
        scopes=frozenset(str(token.get("scope") or "").split()),
        expires_at=_token_end(token, now),
    )


def _blob(token: Mapping[str, Any], **more: Any) -> str:
    return json.dumps({"access_token": str(token["access_token"]), **more})


def _parse_blob(blob: str) -> dict[str, Any]:
    try:
        value = json.loads(blob or "{}")
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise ReconnectError(say("google.oauth.damaged"))
    return cast("dict[str, Any]", value)


def _token_end(token: Mapping[str, Any], now: datetime) -> datetime:
    """Return when an access token expires; a negative duration counts as 0.

    Raises:
        ProviderDownError: If the duration is missing or malformed.
    """
    try:
        return now + timedelta(seconds=max(float(token["expires_in"]), 0.0))
    except (KeyError, OverflowError, TypeError, ValueError):
        raise unreadable_answer_error() from None
