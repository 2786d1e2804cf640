"""Signing in, consent and tokens, as Google does it."""

import base64
import hashlib
import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.support.google import pages
from tests.support.google.people import TEST_LIFE, Grant, People, Person
from tests.support.google.service_tokens import redeem_assertion
from tests.support.google.token_errors import TokenError
from tests.support.vendor.wire import Call, Reply

KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
CODE_LIFE = timedelta(minutes=10)
NEVER = timedelta(days=180)
"""How long an unused refresh token lasts."""

ISSUER = "https://accounts.google.com"


def answer(people: People, call: Call) -> Reply:
    """Answer a call to the sign-in."""
    respond = ROUTES.get((call.method, call.path))
    return respond(people, call) if respond else Reply(404, "Not found")


def _authorize(people: People, call: Call) -> Reply:
    asked, form = call.query, call.body if isinstance(call.body, dict) else {}
    if problem := _bad_request(people, asked):
        return Reply(400, pages.trouble(problem))
    email = form.get("email", "").strip().lower()
    if not email:
        return Reply(body=pages.sign_in(asked.get("login_hint", "")))
    person = people.person(email)
    if people.is_internal and not person.domain:
        return Reply(403, pages.trouble("Error 403: org_internal"))
    if form.get("decision") == "cancel":
        return _back(asked, error="access_denied")
    if form.get("decision") != "accept":
        return Reply(body=pages.consent(email, tuple(asked["scope"].split())))
    return _back(
        asked,
        code=_new_code(people, person, asked),
        scope=" ".join(people.allowed(tuple(asked["scope"].split()))),
        authuser="0",
        hd=person.domain,
        prompt="consent",
    )


def _bad_request(people: People, asked: dict[str, str]) -> str:
    missing = {"client_id", "redirect_uri", "response_type", "scope"} - asked.keys()
    if missing:
        return f"Error 400: invalid_request Missing required parameter: {min(missing)}"
    if asked["client_id"] != people.client_id:
        return "Error 401: invalid_client The OAuth client was not found."
    if people.redirect_uris and asked["redirect_uri"] not in people.redirect_uris:
        return (
            "Error 400: redirect_uri_mismatch The redirect URI in the request, "
            f"{asked['redirect_uri']}, does not match the ones authorized for the "
            "OAuth client."
        )
    if asked["response_type"] != "code":
        return "Error 400: unsupported_response_type"
    if asked.get("code_challenge_method", "S256") != "S256":
        return "Error 400: invalid_request code_challenge_method"
    return ""


def _new_code(people: People, person: Person, asked: dict[str, str]) -> str:
    code = f"4/0{secrets.token_urlsafe(50)}"
    is_first = person.email not in people.consented
    people.consented.add(person.email)
    asks_again = "consent" in asked.get("prompt", "").split()
    people.codes[code] = Grant(
        person,
        people.allowed(tuple(asked["scope"].split())),
        people.now() + CODE_LIFE,
        redirect_uri=asked["redirect_uri"],
        challenge=asked.get("code_challenge", ""),
        nonce=asked.get("nonce", ""),
        offline=asked.get("access_type") == "offline" and (is_first or asks_again),
    )
    return code


def _back(asked: dict[str, str], **answers: str) -> Reply:
    if "state" in asked:
        answers["state"] = asked["state"]
    told = {name: value for name, value in answers.items() if value}
    joint = "&" if "?" in asked["redirect_uri"] else "?"
    location = f"{asked['redirect_uri']}{joint}{urlencode(told)}"
    return Reply(302, headers={"Location": location})


def _token(people: People, call: Call) -> Reply:
    form = call.body if isinstance(call.body, dict) else {}
    try:
        return _redeemed(people, form)
    except TokenError as error:
        return error.reply()


def _redeemed(people: People, form: dict[str, str]) -> Reply:
    if people.token_refusal:
        raise TokenError(*people.token_refusal)
    kind = form.get("grant_type", "")
    redeem = GRANTS.get(kind)
    if redeem is None:
        raise TokenError("unsupported_grant_type", f"Invalid grant_type: {kind}")
    return redeem(people, form)


def _check_client(people: People, form: dict[str, str]) -> None:
    if form.get("client_id") != people.client_id:
        raise TokenError("invalid_client", "The OAuth client was not found.")
    if form.get("client_secret") != people.client_secret:
        raise TokenError("invalid_client", "The provided client secret is invalid.")


def _by_code(people: People, form: dict[str, str]) -> Reply:
    _check_client(people, form)
    grant = people.codes.pop(form.get("code", ""), None)
    if grant is None or grant.expires_at <= people.now():
        raise TokenError("invalid_grant", "Malformed auth code.")
    if form.get("redirect_uri") != grant.redirect_uri:
        raise TokenError("redirect_uri_mismatch", "Bad Request")
    digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
    if grant.challenge and grant.challenge != _base64(digest):
        raise TokenError("invalid_grant", "Invalid code verifier.")
    body = _tokens(people, grant)
    if grant.offline:
        life = TEST_LIFE if people.is_testing else NEVER
        lasting = replace(grant, expires_at=people.now() + life)
        body["refresh_token"] = people.issue_refresh(lasting)
        if people.is_testing:
            body["refresh_token_expires_in"] = int(life.total_seconds())
    return Reply(body=body)


def _by_refresh(people: People, form: dict[str, str]) -> Reply:
    _check_client(people, form)
    grant = people.refresh_tokens.get(form.get("refresh_token", ""))
    if grant is None or grant.is_revoked or grant.expires_at <= people.now():
        raise TokenError("invalid_grant", "Token has been expired or revoked.")
    return Reply(body=_tokens(people, grant))


def _tokens(people: People, grant: Grant) -> dict[str, Any]:
    ends = people.now() + timedelta(seconds=people.token_life)
    body: dict[str, Any] = {
        "access_token": people.issue_access(replace(grant, expires_at=ends)),
        "expires_in": people.token_life,
        "scope": " ".join(grant.scopes),
        "token_type": "Bearer",
    }
    if "openid" in grant.scopes:
        body["id_token"] = _id_token(people, grant)
    return body


def _id_token(people: People, grant: Grant) -> str:
    person, now = grant.person, people.now()
    claims: dict[str, Any] = {
        "iss": ISSUER,
        "azp": people.client_id,
        "aud": people.client_id,
        "sub": person.sub,
        "email": person.email,
        "email_verified": True,
        "iat": int(now.timestamp()),
        "exp": int((now + timedelta(hours=1)).timestamp()),
        "nonce": grant.nonce or None,
        "hd": person.domain or None,
    } | people.id_token_claims
    told = {name: value for name, value in claims.items() if value is not None}
    keys = {"RS256": KEY, "HS256": people.client_secret}
    algorithm = people.id_token_algorithm
    return jwt.encode(told, keys.get(algorithm), algorithm, headers={"kid": "1"})


def _by_assertion(people: People, form: dict[str, str]) -> Reply:
    grant = redeem_assertion(people, form.get("assertion", ""))
    return Reply(
        body={
            "access_token": people.issue_access(grant),
            "expires_in": 3599,
            "token_type": "Bearer",
        }
    )


def _revoke(people: People, call: Call) -> Reply:
    form = call.body if isinstance(call.body, dict) else {}
    token = form.get("token") or call.query.get("token", "")
    grant = people.refresh_tokens.get(token) or people.access_tokens.get(token)
    if grant is None or grant.is_revoked:
        return TokenError("invalid_token", "Token expired or revoked").reply()
    people.revoke(grant.person.email)
    return Reply(body={})


def _base64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


GRANTS: dict[str, Callable[[People, dict[str, str]], Reply]] = {
    "authorization_code": _by_code,
    "refresh_token": _by_refresh,
    "urn:ietf:params:oauth:grant-type:jwt-bearer": _by_assertion,
}
ROUTES: dict[tuple[str, str], Callable[[People, Call], Reply]] = {
    ("GET", "/o/oauth2/v2/auth"): _authorize,
    ("POST", "/o/oauth2/v2/auth"): _authorize,
    ("POST", "/token"): _token,
    ("POST", "/revoke"): _revoke,
}
