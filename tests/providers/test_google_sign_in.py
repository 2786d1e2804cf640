"""Signing in at Google, by a person and by a service account."""

import json
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from invo_booking.domain.calendars.provider_errors import (
    PermissionMissingError,
    ProviderDownError,
    ReconnectError,
)
from invo_booking.domain.clock import utc_now
from invo_booking.providers.google.permissions import CALENDAR_SCOPES, SCOPES
from tests.providers.google_world import AT, google_vendor, registration, signed_in
from tests.support.google import SCHEDULER
from tests.support.vendor.sign_in import PageError

WEEK = timedelta(days=7)


def begun_at(google):
    vendor, by = google_vendor(google), registration(google)
    begun = vendor.begin(by, AT)
    return vendor, by, begun


def by_service(google, *delegated):
    key = google.add_service_account(*(delegated or CALENDAR_SCOPES))
    return registration(google, service_account=key)


def missing_of(google, grant):
    calendar = google_vendor(google).open(lambda _: "", zone=utc_now().tzinfo)
    return [it.name for it in calendar.permissions(grant.scopes) if not it.granted]


# a person


def test_browser_is_sent_with_all_google_needs_for_a_lasting_sign_in(google):
    _, by, begun = begun_at(google)

    asked = {
        name: it[0] for name, it in parse_qs(urlsplit(begun.address).query).items()
    }
    assert asked.pop("state") == begun.state
    assert len(asked.pop("nonce")) > 30
    assert len(asked.pop("code_challenge")) == 43
    assert set(asked.pop("scope").split()) == set(SCOPES)
    assert asked == {
        "client_id": by.client_id,
        "redirect_uri": AT,
        "response_type": "code",
        "code_challenge_method": "S256",
        "access_type": "offline",
        "prompt": "consent",
    }
    assert json.loads(begun.flow)["code_verifier"] not in begun.address


def test_account_and_what_it_allowed_are_known(google):
    grant = signed_in(google)

    assert grant.account == SCHEDULER
    assert grant.scopes == set(SCOPES)
    assert missing_of(google, grant) == []
    assert google_vendor(google).access_token(grant) in google.access_tokens


def test_box_that_was_not_ticked_is_a_missing_permission(google):
    google.granted = set(SCOPES) - {CALENDAR_SCOPES[0]}

    assert missing_of(google, signed_in(google)) == ["calendar.freebusy"]


def test_second_sign_in_lasts_as_well(google):
    signed_in(google)

    assert "refresh_token" in signed_in(google).blob


@pytest.mark.parametrize(
    "change",
    [
        {"state": "of another"},
        {"state": ""},
        {"code": "used"},
        {"code": ""},
        {"error": "access_denied"},
    ],
)
def test_answer_that_is_not_to_this_sign_in_connects_nothing(google, change):
    vendor, by, begun = begun_at(google)
    answer = google.approve(begun.address)

    with pytest.raises(ReconnectError):
        vendor.finish(by, begun.flow, answer | change, utc_now())


def test_code_is_worth_nothing_without_its_verifier(google):
    vendor, by, begun = begun_at(google)
    answer = google.approve(begun.address)
    flow = json.dumps(json.loads(begun.flow) | {"code_verifier": "x" * 64})

    with pytest.raises(ReconnectError, match="not the sign-in that was begun here"):
        vendor.finish(by, flow, answer, utc_now())


def test_cancelled_sign_in_says_so(google):
    vendor, by, begun = begun_at(google)
    answer = google.approve(begun.address, accept=False)

    with pytest.raises(ReconnectError, match="was cancelled"):
        vendor.finish(by, begun.flow, answer, utc_now())


def test_wrong_secret_is_named(google):
    vendor, by, begun = begun_at(google)
    answer = google.approve(begun.address)
    wrong = replace(by, secret="GOCSPX-wrong")

    with pytest.raises(ReconnectError, match="client ID and client secret"):
        vendor.finish(wrong, begun.flow, answer, utc_now())


def test_address_google_does_not_know_ends_on_its_own_page(google):
    google.redirect_uris = ("https://other.example/google/callback",)
    _, _, begun = begun_at(google)

    with pytest.raises(PageError, match="redirect_uri_mismatch"):
        google.approve(begun.address)


def test_account_without_lasting_sign_in_is_not_connected(google):
    vendor, by, begun = begun_at(google)
    signed_in(google)
    once = httpx.URL(begun.address).copy_remove_param("prompt")
    answer = google.approve(str(once))

    with pytest.raises(ReconnectError, match="no lasting sign-in"):
        vendor.finish(by, begun.flow, answer, utc_now())


@pytest.mark.parametrize(
    ("claims", "what"),
    [
        ({"iss": "https://accounts.google.example"}, "iss"),
        ({"aud": "another"}, "aud"),
        ({"nonce": "another"}, "nonce"),
        ({"nonce": None}, "nonce"),
        ({"sub": None}, "sub"),
        ({"email": None}, "email"),
        ({"email_verified": False}, "email_verified"),
        ({"exp": 1}, "clock"),
        ({"exp": "soon"}, "clock"),
    ],
)
def test_id_token_with_a_wrong_claim_connects_nothing(google, claims, what):
    google.forge_id_tokens(**claims)

    with pytest.raises(ReconnectError, match=what):
        signed_in(google)


@pytest.mark.parametrize("algorithm", ["none", "HS256"])
def test_id_token_of_another_algorithm_connects_nothing(google, algorithm):
    google.forge_id_tokens(algorithm)

    with pytest.raises(ReconnectError, match="alg"):
        signed_in(google)


# later


def test_renewed_sign_in_has_another_token_and_lasts(google):
    vendor, by = google_vendor(google), registration(google)
    grant = signed_in(google)

    first = vendor.renew(by, grant, utc_now())
    second = vendor.renew(by, first, utc_now())

    tokens = {vendor.access_token(it) for it in (grant, first, second)}
    assert len(tokens) == 3
    assert (second.account, second.scopes) == (grant.account, grant.scopes)


def test_app_in_testing_lasts_seven_days_and_the_reason_is_said(google):
    google.is_testing = True
    grant = signed_in(google)
    google.clock_skew = WEEK

    with pytest.raises(ReconnectError, match="Testing"):
        google_vendor(google).renew(registration(google), grant, utc_now())


@pytest.mark.parametrize(
    ("error", "description", "kind", "words"),
    [
        ("invalid_grant", "Bad Request", ReconnectError, "password"),
        ("invalid_rapt", "reauth related error (invalid_rapt)", ReconnectError, "rule"),
        ("invalid_client", "Unauthorized", ReconnectError, "client secret"),
        ("deleted_client", "", ReconnectError, "was deleted"),
        ("disabled_client", "", ReconnectError, "is disabled"),
        ("admin_policy_enforced", "", ReconnectError, "Admin console"),
        ("org_internal", "", ReconnectError, "organization only"),
        ("invalid_scope", "", ReconnectError, "Calendar API"),
        ("something_new", "<b>", ReconnectError, "something_new"),
        ("<b>", "", ReconnectError, "for no known reason"),
        ("temporarily_unavailable", "", ProviderDownError, "tries again"),
    ],
)
def test_each_refusal_of_a_token_has_its_sentence(
    google, error, description, kind, words
):
    grant = signed_in(google)
    google.refuse_tokens(error, description)

    with pytest.raises(kind, match=words):
        google_vendor(google).renew(registration(google), grant, utc_now())


@pytest.mark.parametrize("how", [{"status": 503}, {"body": "[]"}, {"body": "{}"}])
def test_token_endpoint_in_trouble_is_tried_again(google, how):
    grant = signed_in(google)
    google.misbehave("POST", "/token", **how)

    with pytest.raises(ProviderDownError):
        google_vendor(google).renew(registration(google), grant, utc_now())


@pytest.mark.parametrize("blob", ["", "{", "[]", '{"access_token": "x"}'])
def test_damaged_sign_in_needs_another(google, blob):
    grant = replace(signed_in(google), blob=blob)

    with pytest.raises(ReconnectError):
        google_vendor(google).renew(registration(google), grant, utc_now())


def test_revoked_sign_in_is_worth_nothing_and_may_be_revoked_again(google):
    vendor, grant = google_vendor(google), signed_in(google)

    vendor.revoke(grant)
    vendor.revoke(grant)

    with pytest.raises(ReconnectError, match="has ended"):
        vendor.renew(registration(google), grant, utc_now())


# a service account


def test_service_account_acts_for_who_signs_in_and_asks_for_identity_only(google):
    by = by_service(google)
    begun = google_vendor(google).begin(by, AT)

    grant = signed_in(google, by)

    assert "calendar" not in begun.address
    assert grant.account == SCHEDULER
    assert missing_of(google, grant) == []
    token = google.access_tokens[google_vendor(google).access_token(grant)]
    assert (token.person.email, token.scopes) == (SCHEDULER, CALENDAR_SCOPES)
    assert "PRIVATE KEY" not in grant.blob


def test_service_account_signs_again_for_each_token(google):
    by = by_service(google)
    grant = signed_in(google, by)

    renewed = google_vendor(google).renew(by, grant, utc_now())

    assert renewed.blob != grant.blob
    assert "refresh_token" not in renewed.blob


def test_delegation_that_lacks_a_scope_is_said_with_all_that_are_needed(google):
    with pytest.raises(PermissionMissingError) as caught:
        signed_in(google, by_service(google, CALENDAR_SCOPES[0]))

    assert caught.value.missing == CALENDAR_SCOPES
    assert "super admin" in str(caught.value)
    assert all(scope in str(caught.value) for scope in CALENDAR_SCOPES)


def test_account_outside_the_organization_cannot_be_acted_for(google):
    with pytest.raises(ReconnectError, match="is not in that organization"):
        signed_in(google, by_service(google), email="ana@gmail.example")


def test_key_that_was_deleted_is_named(google):
    by = by_service(google)
    google.service_accounts.clear()

    with pytest.raises(ReconnectError, match="was deleted"):
        signed_in(google, by)


def test_key_of_another_account_is_refused(google):
    by = by_service(google)
    grant = signed_in(google, by)
    google.service_accounts[
        next(iter(google.service_accounts))
    ].key = rsa.generate_private_key(65537, 2048)

    with pytest.raises(ReconnectError, match="key of the service account"):
        google_vendor(google).renew(by, grant, utc_now())


def test_wrong_clock_is_named(google):
    by = by_service(google)
    grant = signed_in(google, by)

    late = utc_now() - timedelta(hours=2)
    with pytest.raises(ReconnectError, match="clock"):
        google_vendor(google).renew(by, grant, late)


@pytest.mark.parametrize(
    "key", ["{}", '{"private_key": "x", "client_email": "y"}', "3"]
)
def test_key_that_is_none_is_said_to_be_unusable(google, key):
    by = by_service(google)
    grant = signed_in(google, by)

    with pytest.raises(ReconnectError, match="cannot be used"):
        google_vendor(google).renew(replace(by, service_account=key), grant, utc_now())


def test_removed_key_ends_the_sign_in(google):
    grant = signed_in(google, by_service(google))

    with pytest.raises(ReconnectError, match="key was removed"):
        google_vendor(google).renew(registration(google), grant, utc_now())


def test_key_is_not_sent_where_its_file_says(google):
    by = by_service(google)
    key = json.loads(by.service_account) | {"token_uri": "https://evil.example/token"}

    grant = signed_in(google, replace(by, service_account=json.dumps(key)))

    assert grant.account == SCHEDULER
