"""The fake authority satisfies MSAL, and refuses what Microsoft's refuses."""

import json
from base64 import urlsafe_b64decode
from datetime import timedelta
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import jwt
import msal
import pytest
import requests

from tests.support.microsoft.people import SCHEDULER
from tests.support.microsoft.plain_client import plain_client
from tests.support.vendor.sign_in import PageError, trusting

BACK = "http://localhost:3000/outlook"
pytestmark = pytest.mark.filterwarnings("ignore:response_mode:UserWarning")
SCOPES = ["User.Read", "Calendars.ReadBasic", "Group.ReadWrite.All"]


@pytest.fixture
def session(outlook):
    with requests.Session() as session:
        session.trust_env = False
        session.verify = str(outlook.ca_file)
        yield session


@pytest.fixture
def app(outlook, session):
    return product(outlook, session, outlook.authority)


def product(outlook, session, authority, **given):
    return msal.ConfidentialClientApplication(
        outlook.client_id,
        client_credential=outlook.client_secret,
        authority=authority,
        http_client=session,
        instance_discovery=False,
        **given,
    )


def begun(app, **given):
    return app.initiate_auth_code_flow(SCOPES, redirect_uri=BACK, **given)


def signed_in(outlook, app, **how):
    flow = begun(app)
    return app.acquire_token_by_auth_code_flow(
        flow, outlook.approve(flow["auth_uri"], **how)
    )


def refreshed(app):
    [account] = app.get_accounts()
    return app.acquire_token_silent_with_error(SCOPES, account, force_refresh=True)


def test_who_signs_in_and_accepts_gets_tokens_with_what_was_asked(outlook, app):
    tokens = signed_in(outlook, app)

    claims = tokens["id_token_claims"]
    assert set(SCOPES) < set(tokens["scope"].split())
    assert "offline_access" not in tokens["scope"]
    assert tokens["refresh_token"]
    assert claims["preferred_username"] == SCHEDULER
    assert claims["tid"] == outlook.tenant
    assert claims["oid"] == outlook.person(SCHEDULER).oid


def test_token_opens_graph(outlook, app):
    token = signed_in(outlook, app)["access_token"]

    with plain_client(outlook) as graph:
        graph.headers["Authorization"] = f"Bearer {token}"
        assert graph.get("/me").json()["mail"] == SCHEDULER


def test_tenants_own_authority_serves_its_people(outlook, session):
    app = product(outlook, session, f"{outlook.url}/{outlook.tenant}")

    assert "access_token" in signed_in(outlook, app)


def test_id_token_is_signed_with_the_published_key(outlook, app, session):
    token = signed_in(outlook, app)["id_token"]
    keys = session.get(f"{outlook.authority}/discovery/v2.0/keys").json()
    key = jwt.PyJWKSet.from_dict(keys)[jwt.get_unverified_header(token)["kid"]]

    claims = jwt.decode(token, key, ["RS256"], audience=outlook.client_id)

    assert claims["iss"] == f"{outlook.url}/{outlook.tenant}/v2.0"


def test_access_token_is_refreshed_silently(outlook, app):
    first = signed_in(outlook, app)["access_token"]

    assert refreshed(app)["access_token"] != first


def test_cache_made_without_a_sign_in_can_refresh(outlook, session):
    cache = msal.SerializableTokenCache()
    cache.deserialize(outlook.token_cache(SCHEDULER, *SCOPES, "offline_access"))

    restored = product(outlook, session, outlook.authority, token_cache=cache)

    assert "access_token" in refreshed(restored)


def test_cache_made_without_a_sign_in_looks_like_msals_own(outlook, session):
    cache = msal.SerializableTokenCache()
    app = product(outlook, session, outlook.authority, token_cache=cache)
    signed_in(outlook, app)

    made = json.loads(outlook.token_cache(SCHEDULER, *SCOPES, "offline_access"))

    own = json.loads(cache.serialize())
    for kind, entries in made.items():
        [mine], [theirs] = entries.values(), own[kind].values()
        assert mine.keys() <= theirs.keys(), kind
        for name in ("home_account_id", "environment", "client_id", "username"):
            assert mine.get(name) == theirs.get(name)


@pytest.mark.parametrize(
    ("state", "number"), [("wrong", 7000215), ("expired", 7000222)]
)
def test_bad_secret_is_told_by_its_number(outlook, app, state, number):
    outlook.secret_is(state)

    answer = signed_in(outlook, app)

    assert answer["error"] == "invalid_client"
    assert answer["error_codes"] == [number]


def test_other_secret_is_wrong(outlook, session):
    app = msal.ConfidentialClientApplication(
        outlook.client_id,
        client_credential="another",
        authority=outlook.authority,
        http_client=session,
        instance_discovery=False,
    )

    assert signed_in(outlook, app)["error_codes"] == [7000215]


def test_revoked_grant_cannot_be_refreshed_and_opens_nothing(outlook, app):
    token = signed_in(outlook, app)["access_token"]
    outlook.revoke(SCHEDULER)

    assert refreshed(app)["error"] == "invalid_grant"
    with plain_client(outlook) as graph:
        graph.headers["Authorization"] = f"Bearer {token}"
        assert graph.get("/me").status_code == 401


def test_expired_access_token_is_refused_until_refreshed(outlook, app):
    signed_in(outlook, app)
    outlook.expire_access_tokens()
    with plain_client(outlook) as graph:
        outlook.expire_access_tokens()
        answer = graph.get("/me")

    assert answer.status_code == 401
    assert answer.json()["error"]["code"] == "InvalidAuthenticationToken"
    assert "access_token" in refreshed(app)


def test_missing_consent_is_told_by_its_number(outlook, app):
    outlook.consent_missing()

    assert signed_in(outlook, app)["error_codes"] == [65001]


def test_only_what_is_granted_is_in_the_scope(outlook, app):
    outlook.granted = {"User.Read", "Calendars.ReadBasic"}

    scope = signed_in(outlook, app)["scope"].split()

    assert "Group.ReadWrite.All" not in scope
    assert "Calendars.ReadBasic" in scope


def test_cancel_brings_back_access_denied(outlook, app):
    answer = signed_in(outlook, app, accept=False)

    assert answer["error"] == "access_denied"
    assert "AADSTS65004" in answer["error_description"]


def test_person_of_another_tenant_is_not_sent_back(outlook, session):
    outlook.add_tenant("other.example")
    flow = begun(product(outlook, session, f"{outlook.url}/{outlook.tenant}"))

    with pytest.raises(PageError, match="AADSTS50020"):
        outlook.approve(flow["auth_uri"], email="eve@other.example")


def test_other_tenants_people_are_known_by_their_tenant(outlook, app):
    other = outlook.add_tenant("other.example")

    claims = signed_in(outlook, app, email="eve@other.example")["id_token_claims"]

    assert claims["tid"] == other != outlook.tenant


def test_redirect_that_is_not_registered_is_not_followed(outlook, app):
    outlook.redirect_uris = ("https://bank.example/outlook",)

    with pytest.raises(PageError, match="AADSTS50011"):
        signed_in(outlook, app)

    outlook.redirect_uris = ()


def test_admin_must_approve_where_people_may_not(outlook, app):
    outlook.needs_admin_approval = True

    assert "AADSTS90094" in signed_in(outlook, app)["error_description"]

    query = {"client_id": outlook.client_id, "redirect_uri": BACK, "state": "7"}
    address = f"{outlook.url}/{outlook.tenant}/adminconsent?{urlencode(query)}"
    brought = outlook.approve(address)
    assert brought == {"admin_consent": "True", "tenant": outlook.tenant, "state": "7"}
    assert "access_token" in signed_in(outlook, app)


def test_code_is_for_one_use_and_its_own_verifier(outlook, app):
    flow = begun(app)
    brought = outlook.approve(flow["auth_uri"])
    other = begun(app) | {"state": flow["state"], "nonce": flow["nonce"]}

    wrong = app.acquire_token_by_auth_code_flow(other, brought)
    again = app.acquire_token_by_auth_code_flow(flow, brought)

    assert wrong["error_codes"] == [501481]
    assert again["error_codes"] == [54005]


def test_code_expires(outlook, app):
    flow = begun(app)
    brought = outlook.approve(flow["auth_uri"])
    outlook.clock_skew = timedelta(minutes=11)

    answer = app.acquire_token_by_auth_code_flow(flow, brought)

    assert answer["error_codes"] == [70008]


def test_clock_of_the_authority_can_be_wrong(outlook, app):
    outlook.clock_skew = timedelta(hours=-3)

    token = signed_in(outlook, app)

    payload = token["id_token"].split(".")[1]
    claims = json.loads(urlsafe_b64decode(payload + "==="))
    assert claims["iat"] == pytest.approx(outlook.now().timestamp(), abs=60)


def test_unknown_tenant_has_no_configuration(outlook, session):
    with pytest.raises(ValueError, match="tenant"):
        product(outlook, session, f"{outlook.url}/nobody").get_accounts()


def test_instances_can_be_discovered(outlook, session):
    found = session.get(f"{outlook.url}/common/discovery/instance").json()

    assert found["tenant_discovery_endpoint"].startswith(outlook.url)


def test_person_signs_in_page_by_page(outlook, app):
    flow = begun(app, login_hint="dana@bank.example")
    with httpx.Client(verify=trusting(outlook.ca_file), trust_env=False) as browser:
        first = browser.get(flow["auth_uri"])
        second = browser.post(flow["auth_uri"], data={"email": "dana@bank.example"})
        third = browser.post(
            flow["auth_uri"],
            data={"email": "dana@bank.example", "decision": "accept"},
        )

    assert 'value="dana@bank.example"' in first.text
    assert "Group.ReadWrite.All" in second.text
    location = urlsplit(third.headers["location"])
    assert parse_qs(location.query)["state"] == [flow["state"]]
