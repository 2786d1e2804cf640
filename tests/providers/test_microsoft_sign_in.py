"""Signing in at Microsoft, and staying signed in."""

import json
import logging
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from invo_booking.domain.calendars.provider_errors import (
    PermissionMissingError,
    ProviderDownError,
    ProviderError,
    ReconnectError,
    ThrottledError,
)
from invo_booking.domain.clock import utc_now
from invo_booking.providers.microsoft.permissions import needed_permissions
from tests.providers.contract import AT, CHICAGO, registration, signed_in, vendor

TOKEN = "/*/oauth2/v2.0/token"
HOUR = timedelta(hours=1)


@pytest.fixture
def microsoft(outlook):
    return vendor(outlook)


@pytest.fixture
def by(outlook):
    return registration(outlook)


def test_sign_in_tells_who_signed_in_and_what_was_granted(outlook):
    grant = signed_in(outlook)

    assert grant.account == "scheduling@bank.example"
    assert grant.account_name == "Scheduling"
    assert grant.tenant == outlook.tenant
    assert all(it.granted for it in needed_permissions(grant.scopes))


def test_browser_is_sent_to_the_tenant_with_state_and_proof(outlook, microsoft, by):
    begun = microsoft.begin(by, AT)

    asked = parse_qs(urlsplit(begun.address).query)
    assert f"/{outlook.tenant}/" in begun.address
    assert asked["state"] == [begun.state]
    assert asked["redirect_uri"] == [AT]
    assert asked["code_challenge_method"] == ["S256"]
    assert {"Group.ReadWrite.All", "offline_access"} <= set(asked["scope"][0].split())


def test_two_sign_ins_have_nothing_in_common(microsoft, by):
    first, second = microsoft.begin(by, AT), microsoft.begin(by, AT)

    assert first.state != second.state
    assert first.flow != second.flow


def test_token_lasts_by_our_own_clock_however_wrong_microsofts_is(
    outlook, microsoft, by
):
    grant = signed_in(outlook)
    for skew in (-2 * HOUR, 2 * HOUR):
        outlook.clock_skew = skew

        ends = microsoft.renew(by, grant, utc_now()).expires_at

        assert abs(ends - utc_now() - HOUR) < timedelta(minutes=1)


def test_wrong_clock_is_found(outlook, microsoft):
    outlook.clock_skew = timedelta(minutes=20)
    calendar = microsoft.open(lambda _: outlook.access_token(), zone=CHICAGO)

    [clock] = [it for it in calendar.check() if it.name == "Clock"]

    assert not clock.ok
    assert "20 minutes" in clock.sentence


def test_renewed_grant_has_another_token_and_the_same_account(outlook, microsoft, by):
    grant = signed_in(outlook)

    renewed = microsoft.renew(by, grant, utc_now())

    assert microsoft.access_token(renewed) != microsoft.access_token(grant)
    assert renewed.account == grant.account
    assert renewed.scopes == grant.scopes


def test_grant_can_be_renewed_again_and_again(outlook, microsoft, by):
    grant = signed_in(outlook)
    sizes = set()

    for _ in range(4):
        grant = microsoft.renew(by, grant, utc_now())
        sizes.add(len(json.loads(grant.blob)["AccessToken"]))

    assert sizes == {1}


def test_sign_in_without_a_tenant_takes_any_account_of_work(outlook, microsoft):
    outlook.add_tenant("other.example")
    by = registration(outlook, tenant="")
    begun = microsoft.begin(by, AT)

    back = outlook.approve(begun.address, email="ben@other.example")
    grant = microsoft.finish(by, begun.flow, back, utc_now())

    assert grant.tenant == outlook.tenants["other.example"]
    assert microsoft.renew(by, grant, utc_now()).tenant == grant.tenant


def test_account_of_another_tenant_is_refused(outlook, microsoft, by):
    """Microsoft itself would refuse it; an answer that was tampered with would not."""
    other = outlook.add_tenant("other.example")
    begun = microsoft.begin(registration(outlook, tenant=other), AT)
    back = outlook.approve(begun.address, email="ben@other.example")

    with pytest.raises(ReconnectError):
        microsoft.finish(by, begun.flow, back, utc_now())


def test_tenant_nobody_knows_is_named_as_the_trouble(outlook, microsoft):
    by = registration(outlook, tenant="79da7105-0000-4000-8000-000000000000")

    with pytest.raises(ReconnectError, match="no such tenant"):
        microsoft.begin(by, AT)


def test_cancelled_sign_in_says_so(outlook, microsoft, by):
    begun = microsoft.begin(by, AT)
    back = outlook.approve(begun.address, accept=False)

    with pytest.raises(ReconnectError, match="was cancelled"):
        microsoft.finish(by, begun.flow, back, utc_now())


@pytest.mark.parametrize(
    "change",
    [
        {"state": "another"},
        {"state": ""},
        {"code": ""},
        {"code": "made-up"},
        {"error": "access_denied", "code": ""},
    ],
)
def test_answer_that_was_tampered_with_connects_nothing(outlook, microsoft, by, change):
    begun = microsoft.begin(by, AT)
    back = outlook.approve(begun.address)

    with pytest.raises(ReconnectError):
        microsoft.finish(by, begun.flow, {**back, **change}, utc_now())


def test_answer_to_another_sign_in_connects_nothing(outlook, microsoft, by):
    mine, other = microsoft.begin(by, AT), microsoft.begin(by, AT)
    back = outlook.approve(other.address)

    with pytest.raises(ReconnectError, match="not the sign-in"):
        microsoft.finish(by, mine.flow, back, utc_now())


def test_answer_is_good_for_one_use(outlook, microsoft, by):
    begun = microsoft.begin(by, AT)
    back = outlook.approve(begun.address)
    microsoft.finish(by, begun.flow, back, utc_now())

    with pytest.raises(ReconnectError, match="used already"):
        microsoft.finish(by, begun.flow, back, utc_now())


def test_what_was_not_granted_is_told_apart(outlook):
    outlook.granted = {"User.Read", "Calendars.ReadBasic"}

    grant = signed_in(outlook)

    lacking = [it.name for it in needed_permissions(grant.scopes) if not it.granted]
    assert lacking == ["Group.ReadWrite.All"]


def test_larger_permission_grants_the_smaller_one():
    found = needed_permissions(frozenset({"https://graph.example/Calendars.Read"}))

    assert [it.name for it in found if it.granted] == ["Calendars.ReadBasic"]


@pytest.mark.parametrize(
    ("state", "words"),
    [("wrong", "secret is wrong"), ("expired", "secret has expired")],
)
def test_secret_that_is_no_good_is_named_as_the_trouble(
    outlook, microsoft, by, state, words
):
    grant = signed_in(outlook)
    outlook.secret_is(state)

    with pytest.raises(ReconnectError, match=words):
        microsoft.renew(by, grant, utc_now())


def test_mended_secret_works_at_once(outlook, microsoft, by):
    grant = signed_in(outlook)
    mistyped = replace(by, secret="typed wrong")
    with pytest.raises(ReconnectError):
        microsoft.renew(mistyped, grant, utc_now())

    assert microsoft.renew(by, grant, utc_now()).account == grant.account


def test_unknown_client_is_named_as_the_trouble(outlook, microsoft):
    grant = signed_in(outlook)
    by = registration(outlook, client_id="00000000-0000-4000-8000-000000000000")

    with pytest.raises(ReconnectError):
        microsoft.renew(by, grant, utc_now())


def test_consent_that_is_missing_names_the_permissions(outlook, microsoft, by):
    grant = signed_in(outlook)
    outlook.consent_missing(missing=True)

    with pytest.raises(PermissionMissingError) as caught:
        microsoft.renew(by, grant, utc_now())

    assert "Group.ReadWrite.All" in caught.value.missing
    assert "Group.ReadWrite.All" in str(caught.value)


def test_consent_only_an_administrator_can_give_is_told(outlook, microsoft, by):
    outlook.needs_admin_approval = True
    begun = microsoft.begin(by, AT)
    back = outlook.approve(begun.address)

    with pytest.raises(PermissionMissingError, match="administrator of the tenant"):
        microsoft.finish(by, begun.flow, back, utc_now())


def test_administrator_consents_where_we_send_them(outlook, microsoft, by):
    outlook.needs_admin_approval = True

    back = outlook.approve(microsoft.consent_url(by, AT, "consent.1"))

    assert (back["admin_consent"], back["state"]) == ("True", "consent.1")
    assert signed_in(outlook).tenant == outlook.tenant


def test_revoked_sign_in_needs_a_person(outlook, microsoft, by):
    grant = signed_in(outlook)
    outlook.revoke(grant.account)

    with pytest.raises(ReconnectError, match=r"revoked it\. Sign in again"):
        microsoft.renew(by, grant, utc_now())


@pytest.mark.parametrize("blob", ["", "{}", "not json", '{"AccessToken": {}}'])
def test_damaged_tokens_need_a_person(outlook, microsoft, by, blob):
    grant = replace(signed_in(outlook), blob=blob)

    with pytest.raises(ReconnectError):
        microsoft.renew(by, grant, utc_now())
    with pytest.raises(ReconnectError):
        microsoft.access_token(grant)


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_trouble_of_microsofts_own_passes_by_itself(outlook, microsoft, by, status):
    grant = signed_in(outlook)
    outlook.misbehave("POST", TOKEN, status=status)

    with pytest.raises(ProviderDownError):
        microsoft.renew(by, grant, utc_now())

    assert microsoft.renew(by, grant, utc_now()).account == grant.account


def test_sign_in_that_asks_for_patience_says_how_long(outlook, microsoft, by):
    grant = signed_in(outlook)
    outlook.misbehave("POST", TOKEN, status=429, retry_after=90)

    with pytest.raises(ThrottledError) as caught:
        microsoft.renew(by, grant, utc_now())

    assert caught.value.wait == timedelta(seconds=90)


@pytest.mark.parametrize("body", ["truncated", "malformed", "<html>proxy</html>"])
def test_answer_that_cannot_be_read_is_in_no_log(outlook, microsoft, by, body, caplog):
    grant = signed_in(outlook)
    caplog.set_level(logging.DEBUG)
    outlook.misbehave("POST", TOKEN, body=body)

    with pytest.raises(ProviderDownError):
        microsoft.renew(by, grant, utc_now())

    assert "proxy" not in caplog.text
    assert "access_token" not in caplog.text


@pytest.mark.parametrize(
    "body",
    [
        "[]",
        "{}",
        "7",
        '{"access_token": "a", "expires_in": "soon"}',
        '{"access_token": "a", "expires_in": 60, "id_token": "a.b.c"}',
        '{"error": ["x"], "error_codes": "y"}',
    ],
)
def test_strange_tokens_are_trouble(outlook, microsoft, by, body):
    grant = signed_in(outlook)
    begun = microsoft.begin(by, AT)
    back = outlook.approve(begun.address)
    outlook.misbehave("POST", TOKEN, body=body, times=None)

    with pytest.raises(ProviderError):
        microsoft.renew(by, grant, utc_now())
    with pytest.raises(ProviderError):
        microsoft.finish(by, begun.flow, back, utc_now())


@pytest.mark.parametrize("body", ["[]", "{}", "7", '{"token_endpoint": 1}'])
def test_strange_discovery_is_trouble(outlook, microsoft, by, body):
    discovery = "/*/v2.0/.well-known/openid-configuration"
    outlook.misbehave("GET", discovery, body=body, times=None)

    with pytest.raises(ProviderDownError):
        microsoft.begin(by, AT)


def test_nothing_secret_is_shown_by_accident(outlook, microsoft, by):
    grant = signed_in(outlook)

    shown = f"{grant!r} {by!r} {microsoft!r}"

    assert outlook.client_secret not in shown
    assert microsoft.access_token(grant) not in shown
    assert grant.blob not in shown
