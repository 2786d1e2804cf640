"""Id tokens as unkind as the world: not for us, not of now, not of Microsoft."""

import base64
import hashlib
import json
from datetime import timedelta

import pytest

from invo_booking.domain.calendars.provider_errors import ReconnectError
from invo_booking.domain.clock import utc_now
from invo_booking.providers.microsoft.id_token import Expected, verify_id_token
from tests.providers.contract import AT, registration, signed_in, vendor

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("forged", "what"),
    [
        ({"algorithm": "none"}, "alg"),
        ({"algorithm": "HS256"}, "alg"),
        ({"iss": "https://login.thief.example/x/v2.0"}, "iss"),
        ({"iss": None}, "iss"),
        ({"aud": "00000000-0000-4000-8000-000000000000"}, "aud"),
        ({"aud": ["ours", "another"]}, "aud"),
        ({"aud": None}, "aud"),
        ({"tid": "00000000-0000-4000-8000-000000000000"}, "another tenant"),
        ({"tid": None}, "tid"),
        ({"tid": ["x"]}, "tid"),
        ({"exp": None}, "clock"),
        ({"exp": "tomorrow"}, "clock"),
        ({"exp": float("inf")}, "clock"),
        ({"nbf": [1]}, "clock"),
        ({"nonce": "another"}, "not the sign-in"),
        ({"nonce": None}, "not the sign-in"),
    ],
)
def test_id_token_that_is_not_for_us_connects_nothing(outlook, forged, what):
    outlook.forge_id_tokens(**forged)

    with pytest.raises(ReconnectError, match=what):
        signed_in(outlook)


def test_where_any_tenant_may_sign_in_the_issuer_is_of_the_one_that_does(
    outlook,
):
    microsoft, by = vendor(outlook), registration(outlook, tenant="")
    begun = microsoft.begin(by, AT)
    outlook.forge_id_tokens(tid="00000000-0000-4000-8000-000000000000")

    with pytest.raises(ReconnectError, match="iss"):
        microsoft.finish(by, begun.flow, outlook.approve(begun.address), utc_now())


@pytest.mark.parametrize(
    ("nbf", "exp", "is_taken"),
    [
        (timedelta(seconds=110), HOUR, True),
        (timedelta(seconds=150), HOUR, False),
        (-HOUR, timedelta(seconds=-110), True),
        (-HOUR, timedelta(seconds=-150), False),
    ],
)
def test_id_token_is_good_for_its_time_and_two_minutes(outlook, nbf, exp, is_taken):
    now = utc_now()
    outlook.forge_id_tokens(
        nbf=int((now + nbf).timestamp()), exp=int((now + exp).timestamp())
    )

    if is_taken:
        assert signed_in(outlook).tenant == outlook.tenant
    else:
        with pytest.raises(ReconnectError, match="clock of this server"):
            signed_in(outlook)


def test_sign_in_against_a_wrong_clock_names_the_clock(outlook):
    outlook.clock_skew = 2 * HOUR

    with pytest.raises(ReconnectError, match="clock of this server"):
        signed_in(outlook)


def test_id_token_without_nbf_is_good_from_the_start(outlook):
    outlook.forge_id_tokens(nbf=None)

    assert signed_in(outlook).tenant == outlook.tenant


def encoded(part) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    ("nonce", "is_taken"),
    [("begun", True), ("another", False), ("", False), (None, False)],
)
def test_nonce_is_compared_by_us_whatever_the_library_compares(nonce, is_taken):
    now = utc_now()
    claims = {
        "iss": "https://login.example/t/v2.0",
        "aud": "ours",
        "tid": "t",
        "exp": now.timestamp() + 60,
        "nonce": nonce and hashlib.sha256(nonce.encode()).hexdigest(),
    }
    token = f"{encoded({'alg': 'RS256'})}.{encoded(claims)}.x"
    expected = Expected(issuer=claims["iss"], client_id="ours", nonce="begun")

    if is_taken:
        assert verify_id_token(token, expected, now) == claims
    else:
        with pytest.raises(ReconnectError, match="nonce"):
            verify_id_token(token, expected, now)
