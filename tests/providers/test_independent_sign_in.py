"""Agents and administrators sign in at an authorization server that is not ours.

The fakes know what this product asks for. An independent server does not, and holds the
sign-in to OAuth 2.0, PKCE and OpenID Connect.
"""

from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import pytest

from invo_booking.domain.calendars.outside import Registration
from invo_booking.domain.calendars.provider_errors import ReconnectError
from invo_booking.domain.clock import utc_now
from invo_booking.providers.google import permissions as google_permissions
from invo_booking.providers.google import personal as google_personal
from invo_booking.providers.google.oauth import GoogleSignIn
from invo_booking.providers.google.personal import GooglePersonal
from invo_booking.providers.http import VendorClient
from invo_booking.providers.microsoft import permissions as microsoft_permissions
from invo_booking.providers.microsoft import personal as microsoft_personal
from invo_booking.providers.microsoft.oauth import Authority
from invo_booking.providers.microsoft.personal import OutlookPersonal
from tests.support.independent import running_server

ANA = "ana@bank.example"
TENANT = "7f9d2c1e-3b60-4a55-8a1d-2f60c1b7a902"
BACK = "http://localhost:8000/back"
CLIENT = {
    "client_id": "invo-booking",
    "client_secret": "a secret of the client",
    "redirect_uris": [BACK],
}
AT_GOOGLE = {
    "issuer": "https://accounts.google.com",
    "prefix": "/o",
    "routes": {"authorization": "/auth", "token": "/token"},
    "scopes": [*google_permissions.SCOPES, *google_personal.SCOPES],
    "account": {"sub": "1042", "email": ANA, "email_verified": True},
}
AT_MICROSOFT = {
    "issuer": "",
    "prefix": f"/{TENANT}/v2.0",
    "routes": {"authorization": "/authorize", "token": "/token"},
    "scopes": ["profile", *microsoft_permissions.SCOPES, *microsoft_personal.SCOPES],
    "account": {"sub": "77", "preferred_username": ANA, "name": "Ana", "tid": TENANT},
}
SERVERS = {"google": AT_GOOGLE, "outlook": AT_MICROSOFT}


def registration(**other: str) -> Registration:
    """Return the product's client, as administrators enter it."""
    right = {"client_id": "invo-booking", "secret": CLIENT["client_secret"]}
    return Registration(**{**right, "tenant": TENANT, **other})


def personal(provider, server):
    """Return the product's own sign-in of agents, which asks this server."""
    caller = VendorClient("Sign-in", ca_file=server.ca_file, now=utc_now)
    if provider == "google":
        address = f"{server.url}/o"
        return GooglePersonal(
            caller,
            api=server.url,
            consent_page=f"{address}/auth",
            token_url=f"{address}/token",
        )
    return OutlookPersonal(caller, authority=server.url, graph=server.url)


def whole(provider, server):
    """Return the product's own sign-in of the scheduling account."""
    caller = VendorClient("Sign-in", ca_file=server.ca_file, now=utc_now)
    if provider == "google":
        address = f"{server.url}/o"
        return GoogleSignIn(
            caller, consent_page=f"{address}/auth", token_url=f"{address}/token"
        )
    return Authority(caller, server.url)


@pytest.fixture(scope="module", params=SERVERS)
def provider(request):
    return request.param


@pytest.fixture(scope="module")
def server(provider, tmp_path_factory):
    folder = tmp_path_factory.mktemp(provider)
    settings = {**SERVERS[provider], "client": CLIENT}
    with running_server("sign_in", folder, settings) as running:
        yield running


def test_agent_signs_in_and_the_sign_in_is_renewed(provider, server):
    ours, by = personal(provider, server), registration()
    begun = ours.begin(by, BACK, "the state of this browser")
    brought = server.visit(begun.address, BACK)

    grant = ours.finish(by, begun.flow, brought, utc_now())
    renewed = ours.renew(by, grant.account, grant.refresh_token, utc_now())

    assert brought["state"] == "the state of this browser"
    assert grant.account == ANA
    assert grant.expires_at > utc_now()
    assert renewed.access_token not in {"", grant.access_token}
    again = ours.renew(by, grant.account, renewed.refresh_token, utc_now())
    assert again.access_token not in {grant.access_token, renewed.access_token}


def test_scheduling_account_signs_in_and_is_renewed(provider, server):
    ours, by = whole(provider, server), registration()
    begun = ours.begin(by, BACK)
    brought = server.visit(begun.address, BACK)

    grant = ours.finish(by, begun.flow, brought, utc_now())
    renewed = ours.renew(by, grant, utc_now())

    assert (grant.account, renewed.account) == (ANA, ANA)
    assert renewed.blob != grant.blob


def test_code_is_taken_once_and_with_its_verifier_only(provider, server):
    ours, by = personal(provider, server), registration()
    begun, other = (ours.begin(by, BACK, "state") for _ in range(2))
    brought = server.visit(begun.address, BACK)

    with pytest.raises(ReconnectError):
        ours.finish(by, other.flow, brought, utc_now())
    assert ours.finish(by, begun.flow, brought, utc_now()).account == ANA
    with pytest.raises(ReconnectError):
        ours.finish(by, begun.flow, brought, utc_now())


def test_answer_to_another_state_or_nonce_is_refused(provider, server):
    ours, by = personal(provider, server), registration()
    begun = ours.begin(by, BACK, "state")
    brought = server.visit(begun.address, BACK)
    with pytest.raises(ReconnectError, match="not the sign-in that was begun"):
        ours.finish(by, begun.flow, brought | {"state": "another"}, utc_now())

    begun = ours.begin(by, BACK, "state")
    brought = server.visit(_with_other_nonce(begun.address), BACK)
    with pytest.raises(ReconnectError):
        ours.finish(by, begun.flow, brought, utc_now())


def test_wrong_secret_of_the_client_is_told(provider, server):
    ours, by = personal(provider, server), registration(secret="wrong")
    begun = ours.begin(by, BACK, "state")
    brought = server.visit(begun.address, BACK)

    with pytest.raises(ReconnectError):
        ours.finish(by, begun.flow, brought, utc_now())


def test_consent_that_is_refused_signs_nobody_in(provider, tmp_path):
    settings = {**SERVERS[provider], "client": CLIENT, "refuses": True}
    with running_server("sign_in", tmp_path, settings) as refusing:
        ours, by = personal(provider, refusing), registration()
        begun = ours.begin(by, BACK, "state")
        brought = refusing.visit(begun.address, BACK)

        assert brought["error"] == "access_denied"
        with pytest.raises(ReconnectError):
            ours.finish(by, begun.flow, brought, utc_now())


def test_sign_in_that_was_renewed_cannot_be_renewed_with_the_old_token(
    provider, server
):
    ours, by = personal(provider, server), registration()
    begun = ours.begin(by, BACK, "state")
    grant = ours.finish(by, begun.flow, server.visit(begun.address, BACK), utc_now())
    ours.renew(by, grant.account, grant.refresh_token, utc_now())

    with pytest.raises(ReconnectError):
        ours.renew(by, grant.account, grant.refresh_token, utc_now())


def _with_other_nonce(address: str) -> str:
    parts = urlsplit(address)
    query = dict(parse_qsl(parts.query)) | {"nonce": "of-another-sign-in"}
    return urlunsplit(parts._replace(query=urlencode(query)))
