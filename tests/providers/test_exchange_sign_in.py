"""How the service account signs in at Exchange."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
import requests
from requests_ntlm import HttpNtlmAuth

from invo_booking.domain.calendars.provider_errors import ReconnectError
from invo_booking.domain.interval import Interval
from tests.providers.exchange_world import account, opened, vendor

NINE = datetime(2027, 3, 8, 9, tzinfo=UTC)
TODAY = Interval(NINE, NINE + timedelta(hours=8))
ANA = "ana@bank.example"


def ask(calendar):
    return calendar.free_busy([ANA], TODAY)[0]


def test_ntlm_signs_in_a_connection_once_and_never_sends_the_password(exchange):
    calendar = opened(exchange)

    for _ in range(3):
        assert ask(calendar).problem is None

    assert exchange.sign_ins == ["NTLM"]


def test_basic_is_used_only_if_chosen(exchange):
    assert ask(opened(exchange, uses_basic=True)).problem is None

    assert exchange.sign_ins == ["Basic"]


def test_ntlm_is_bound_to_the_certificate_of_the_connection(exchange):
    def answer_to(*, bound):
        with requests.Session() as session:
            session.trust_env = False
            session.auth = HttpNtlmAuth(
                exchange.user, exchange.password, send_cbt=bound
            )
            return session.post(exchange.url, b"", verify=str(exchange.ca_file))

    assert answer_to(bound=False).status_code == 401
    assert answer_to(bound=True).status_code != 401

    assert ask(opened(exchange)).problem is None


def test_name_in_the_form_of_an_address_signs_in_as_well(exchange):
    exchange.user = "booking@bank.example"

    assert ask(opened(exchange)).problem is None


@pytest.mark.parametrize("uses_basic", [False, True])
def test_refused_account_is_one_sentence_for_all_causes(exchange, uses_basic):
    calendar = opened(exchange, password="wrong", uses_basic=uses_basic)

    with pytest.raises(ReconnectError, match=r"wrong or has expired.*locked"):
        ask(calendar)


@pytest.mark.parametrize(
    ("offers", "uses_basic", "word"),
    [("Basic", False, "NTLM"), ("NTLM", True, "BASIC")],
)
def test_authentication_that_is_not_offered_is_named(
    exchange, offers, uses_basic, word
):
    exchange.offers = (offers,)

    with pytest.raises(ReconnectError, match=f"not offer the authentication {word}"):
        ask(opened(exchange, uses_basic=uses_basic))


def test_wrong_password_is_tried_once_by_many_callers(exchange):
    calendar = opened(exchange, password="wrong", uses_basic=True)

    def refused(_):
        with pytest.raises(ReconnectError):
            ask(calendar)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(refused, range(8)))

    assert exchange.sign_ins == ["Basic"]


def test_changed_password_is_used_with_the_next_call(exchange):
    now = {"password": exchange.password}
    calendar = vendor(exchange).open(lambda: account(exchange, **now))
    ask(calendar)
    exchange.password = "another one"
    with pytest.raises(ReconnectError):
        ask(calendar)

    now["password"] = "another one"

    assert ask(calendar).problem is None


def test_password_is_in_no_representation(exchange):
    named = account(exchange, password="secret-password")

    assert "secret-password" not in f"{named!r} {named}"
