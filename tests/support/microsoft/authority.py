"""The authority: signing in, consent and tokens, as Microsoft's does it."""

import base64
import hashlib
import json
import re
import secrets
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.support.microsoft import pages
from tests.support.microsoft.people import ADMIN_ONLY, Grant, Person
from tests.support.microsoft.state import State
from tests.support.vendor.wire import Call, Reply

KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
KEY_ID = "the-only-key"
CODE_LIFE = timedelta(minutes=10)
ANY_TENANT = {"organizations", "common"}
NUMBER = re.compile(r"AADSTS(\d+)")


class TokenError(Exception):
    """A request for a token is refused."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(description)
        self.error, self.description = error, description


def answer(state: State, call: Call) -> Reply:
    """Answer a call to the authority."""
    if call.path == "/common/discovery/instance":
        return _instance_discovery(state)
    tenant, _, rest = call.path.removeprefix("/").partition("/")
    for pattern, method, respond in ROUTES:
        if re.fullmatch(pattern, rest) and call.method in method:
            return respond(state, call, tenant)
    return Reply(404, "Not found")


def _instance_discovery(state: State) -> Reply:
    tenant = f"{state.authority}/v2.0/.well-known/openid-configuration"
    names = {
        "preferred_network": state.host,
        "preferred_cache": state.host,
        "aliases": [state.host],
    }
    return Reply(
        body={
            "tenant_discovery_endpoint": tenant,
            "api-version": "1.1",
            "metadata": [names],
        }
    )


def _configuration(state: State, _: Call, tenant: str) -> Reply:
    known = tenant in ANY_TENANT or tenant in state.tenants.values()
    if not known:
        text = f"AADSTS90002: Tenant '{tenant}' not found."
        return _refused(state, TokenError("invalid_tenant", text))
    base = f"{state.url}/{tenant}"
    issuer = "{tenantid}" if tenant in ANY_TENANT else tenant
    return Reply(
        body={
            "token_endpoint": f"{base}/oauth2/v2.0/token",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
            "jwks_uri": f"{base}/discovery/v2.0/keys",
            "response_modes_supported": ["query"],
            "subject_types_supported": ["pairwise"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "response_types_supported": ["code"],
            "scopes_supported": ["openid", "profile", "email", "offline_access"],
            "issuer": f"{state.url}/{issuer}/v2.0",
            "authorization_endpoint": f"{base}/oauth2/v2.0/authorize",
            "end_session_endpoint": f"{base}/oauth2/v2.0/logout",
            "tenant_region_scope": "EU",
            "cloud_instance_name": "microsoftonline.com",
            "msgraph_host": state.host,
        }
    )


def _keys(*_: Any) -> Reply:
    public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key()))
    return Reply(body={"keys": [{**public, "kid": KEY_ID, "use": "sig"}]})


def _authorize(state: State, call: Call, tenant: str) -> Reply:
    asked, form = call.query, call.body if isinstance(call.body, dict) else {}
    email = form.get("email", "").strip().lower()
    problem = _bad_request(state, asked) or _bad_account(state, email, tenant)
    if problem:
        return Reply(400, pages.trouble(problem))
    if form.get("decision") == "cancel":
        return _back(asked, error="access_denied", error_description=CANCELLED)
    if not email:
        return Reply(body=pages.sign_in(asked.get("login_hint", "")))
    return _signed_in(state, asked, form, email)


def _signed_in(
    state: State, asked: dict[str, str], form: dict[str, str], email: str
) -> Reply:
    person, scopes = state.person(email), tuple(asked["scope"].split())
    needs_admin = state.needs_admin_approval and ADMIN_ONLY & set(scopes)
    if needs_admin and person.tenant not in state.approved_tenants:
        return _ask_admin(asked, form, email)
    if form.get("decision") != "accept":
        return Reply(body=pages.consent(person.email, scopes))
    code = _new_code(state, person, asked)
    return _back(asked, code=code, session_state=str(uuid4()))


CANCELLED = "AADSTS65004: User declined to consent to access the app."
NOT_APPROVED = (
    "AADSTS90094: The grant requires admin permission. "
    "Ask an administrator to grant permission to this app."
)


def _bad_request(state: State, asked: dict[str, str]) -> str:
    uris = state.redirect_uris
    missing = {"client_id", "redirect_uri", "response_type", "scope"} - asked.keys()
    if missing:
        return f"AADSTS900144: The request must contain: '{min(missing)}'."
    if asked["client_id"] != state.client_id:
        return f"AADSTS700016: Application '{asked['client_id']}' was not found."
    if uris and asked["redirect_uri"] not in uris:
        return (
            f"AADSTS50011: The redirect URI '{asked['redirect_uri']}' specified in the "
            "request does not match the redirect URIs configured for the application."
        )
    if asked["response_type"] != "code":
        return "AADSTS700054: response_type is not enabled for the application."
    if asked.get("response_mode", "query") != "query":
        return "AADSTS9002: Only response_mode=query is known here."
    return ""


def _bad_account(state: State, email: str, tenant: str) -> str:
    if not email:
        return ""
    home = state.tenants.get(email.partition("@")[2])
    if home is None:
        return (
            f"AADSTS50020: User account '{email}' from identity provider 'live.com' "
            "does not exist in tenant and cannot access the application."
        )
    if tenant not in {*ANY_TENANT, home}:
        return (
            f"AADSTS50020: User account '{email}' from identity provider "
            f"'https://sts.windows.net/{home}/' does not exist in tenant '{tenant}' "
            "and cannot access the application."
        )
    return ""


def _ask_admin(asked: dict[str, str], form: dict[str, str], email: str) -> Reply:
    if "decision" in form:
        return _back(asked, error="access_denied", error_description=NOT_APPROVED)
    return Reply(body=pages.needs_admin(email))


def _new_code(state: State, person: Person, asked: dict[str, str]) -> str:
    code = f"1.{secrets.token_urlsafe(300)}"
    state.codes[code] = Grant(
        person,
        asked["client_id"],
        tuple(asked["scope"].split()),
        redirect_uri=asked["redirect_uri"],
        challenge=asked.get("code_challenge", ""),
        nonce=asked.get("nonce", ""),
        expires_at=state.now() + CODE_LIFE,
    )
    return code


def _back(asked: dict[str, str], **answers: str) -> Reply:
    if "state" in asked:
        answers["state"] = asked["state"]
    joint = "&" if "?" in asked["redirect_uri"] else "?"
    location = f"{asked['redirect_uri']}{joint}{urlencode(answers)}"
    return Reply(302, headers={"Location": location})


def _admin_consent(state: State, call: Call, tenant: str) -> Reply:
    asked, form = call.query, call.body if isinstance(call.body, dict) else {}
    if asked.get("client_id") != state.client_id or "redirect_uri" not in asked:
        return Reply(400, pages.trouble("AADSTS900144: The request is incomplete."))
    if "decision" not in form:
        return Reply(
            body=pages.consent("your whole organization", tuple(sorted(ADMIN_ONLY)))
        )
    home = state.tenant if tenant in ANY_TENANT else tenant
    if form["decision"] != "accept":
        return _back(asked, error="access_denied", error_description=CANCELLED)
    state.approved_tenants.add(home)
    state.granted, state.is_consent_missing = None, False
    return _back(asked, admin_consent="True", tenant=home)


def _token(state: State, call: Call, tenant: str) -> Reply:
    form = call.body if isinstance(call.body, dict) else {}
    try:
        return _tokens(state, _redeemed(state, form, tenant))
    except TokenError as error:
        return _refused(state, error)


def _redeemed(state: State, form: dict[str, str], tenant: str) -> Grant:
    _check_client(state, form)
    redeem = GRANTS.get(form.get("grant_type", ""))
    if redeem is None:
        text = "AADSTS70003: The app requested an unsupported grant type."
        raise TokenError("unsupported_grant_type", text)
    grant = redeem(state, form)
    if tenant not in {*ANY_TENANT, grant.person.tenant}:
        text = "AADSTS70000: The grant is of another tenant."
        raise TokenError("invalid_grant", text)
    return grant


def _check_client(state: State, form: dict[str, str]) -> None:
    if form.get("client_id") != state.client_id:
        text = f"AADSTS700016: Application '{form.get('client_id')}' was not found."
        raise TokenError("unauthorized_client", text)
    if state.secret_state == "expired":
        raise TokenError(
            "invalid_client",
            "AADSTS7000222: The provided client secret keys are expired.",
        )
    is_right = form.get("client_secret") == state.client_secret
    if state.secret_state == "wrong" or not is_right:
        raise TokenError(
            "invalid_client", "AADSTS7000215: Invalid client secret provided."
        )
    if state.is_consent_missing:
        raise TokenError(
            "invalid_grant",
            "AADSTS65001: The user or administrator has not consented to use the "
            f"application with ID '{state.client_id}'.",
        )


def _by_code(state: State, form: dict[str, str]) -> Grant:
    grant = state.codes.pop(form.get("code", ""), None)
    if grant is None:
        text = "AADSTS54005: OAuth2 Authorization code was already redeemed."
        raise TokenError("invalid_grant", text)
    if grant.expires_at <= state.now():
        text = "AADSTS70008: The provided authorization code has expired."
        raise TokenError("invalid_grant", text)
    if form.get("redirect_uri") != grant.redirect_uri:
        text = "AADSTS500112: The reply address does not match."
        raise TokenError("invalid_client", text)
    digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
    if grant.challenge and grant.challenge != _base64(digest):
        text = "AADSTS501481: The Code_Verifier does not match the code_challenge."
        raise TokenError("invalid_grant", text)
    return grant


def _by_refresh(state: State, form: dict[str, str]) -> Grant:
    grant = state.refresh_tokens.get(form.get("refresh_token", ""))
    if grant is None or grant.is_revoked:
        raise TokenError(
            "invalid_grant",
            "AADSTS50173: The provided grant has expired due to it being revoked, a "
            "fresh auth token is needed.",
        )
    wanted = tuple(form.get("scope", "").split()) or grant.scopes
    return Grant(grant.person, grant.client_id, wanted, nonce=grant.nonce)


def _tokens(state: State, grant: Grant) -> Reply:
    scopes = [s for s in state.allowed(grant.scopes) if s != "offline_access"]
    answer = {
        "token_type": "Bearer",
        "scope": " ".join(scopes),
        "expires_in": state.token_life,
        "ext_expires_in": state.token_life,
        "access_token": state.issue_access(grant),
        "id_token": _id_token(state, grant),
        "client_info": _client_info(grant.person),
    }
    if "offline_access" in grant.scopes:
        answer["refresh_token"] = state.issue_refresh(grant)
    return Reply(body=answer, headers={"Cache-Control": "no-store, no-cache"})


def _id_token(state: State, grant: Grant) -> str:
    person, now = grant.person, state.now()
    claims = {
        "ver": "2.0",
        "iss": f"{state.url}/{person.tenant}/v2.0",
        "sub": _base64(hashlib.sha256(person.oid.encode()).digest()),
        "aud": grant.client_id,
        "exp": int((now + timedelta(seconds=state.token_life)).timestamp()),
        "iat": int(now.timestamp()),
        "nbf": int(now.timestamp()),
        "name": person.name,
        "preferred_username": person.email,
        "oid": person.oid,
        "tid": person.tenant,
    }
    if grant.nonce:
        claims["nonce"] = grant.nonce
    told = {k: v for k, v in (claims | state.id_token_claims).items() if v is not None}
    algorithm = state.id_token_algorithm
    keys = {"RS256": KEY, "HS256": state.client_secret}
    return jwt.encode(told, keys.get(algorithm), algorithm, headers={"kid": KEY_ID})


def _client_info(person: Person) -> str:
    text = json.dumps({"uid": person.oid, "utid": person.tenant})
    return _base64(text.encode())


def _refused(state: State, error: TokenError) -> Reply:
    number = NUMBER.search(error.description)
    trace, correlation = str(uuid4()), str(uuid4())
    when = f"{state.now():%Y-%m-%d %H:%M:%SZ}"
    text = (
        f"{error.description} Trace ID: {trace} Correlation ID: {correlation} "
        f"Timestamp: {when}"
    )
    body = {
        "error": error.error,
        "error_description": text,
        "error_codes": [int(number[1])] if number else [],
        "timestamp": when,
        "trace_id": trace,
        "correlation_id": correlation,
    }
    return Reply(401 if error.error == "invalid_client" else 400, body)


def _base64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


GRANTS: dict[str, Callable[[State, dict[str, str]], Grant]] = {
    "authorization_code": _by_code,
    "refresh_token": _by_refresh,
}
ROUTES: tuple[tuple[str, str, Callable[[State, Call, str], Reply]], ...] = (
    (r"v2\.0/\.well-known/openid-configuration", "GET", _configuration),
    (r"discovery/v2\.0/keys", "GET", _keys),
    (r"oauth2/v2\.0/authorize", "GET POST", _authorize),
    (r"oauth2/v2\.0/token", "POST", _token),
    (r"(v2\.0/)?adminconsent", "GET POST", _admin_consent),
)
