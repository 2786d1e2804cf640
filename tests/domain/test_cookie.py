import time

import pytest

from invo_booking.domain.access.cookie import (
    GRANT,
    LONGEST_GRANT,
    NAME,
    SECURE_GRANT,
    SECURE_NAME,
    cookie_name,
    grant_cookie_name,
    grant_cookie_value,
    grant_of_path,
    session_cookie_value,
)


@pytest.mark.parametrize(
    ("header", "token"),
    [
        ("invo_session=abc", "abc"),
        ("a=b; invo_session=abc; c=d", "abc"),
        ("a=b;invo_session=abc", "abc"),
        ("invo_session_2=abc", ""),
        ("__Host-invo_session=abc", ""),
        ("INVO_SESSION=abc", ""),
        ('invo_session="abc"', ""),
        ("invo_session=a b", ""),
        ("invo_session=a=b; invo_session=abc", ""),
        ("invo_session=" + "a" * 129, ""),
        ("invo_session=first; invo_session=second", "first"),
        ("a=" + "b" * 8_192 + "; invo_session=abc", ""),
        ("", ""),
        ("\x00;;=", ""),
    ],
)
def test_only_the_session_cookie_is_read(header, token):
    assert session_cookie_value(header, NAME) == token


def test_over_https_only_the_name_that_other_hosts_cannot_set_counts():
    assert cookie_name("https://booking.example") == SECURE_NAME
    assert cookie_name("http://localhost:8000") == NAME
    assert session_cookie_value("invo_session=planted", SECURE_NAME) == ""
    assert session_cookie_value("__Host-invo_session=abc", SECURE_NAME) == "abc"


@pytest.mark.parametrize("filling", ["\\", ";", "=", " ", '"', "a;"])
def test_reading_takes_no_longer_than_the_header_is_long(filling):
    header = 'invo_session="' + filling * 1_000_000

    began = time.process_time()
    session_cookie_value(header, NAME)

    assert time.process_time() - began < 2  # a quadratic one takes minutes


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("invo_grant=k1:abc-_", "k1:abc-_"),
        ("a=b; invo_grant=k1:abc", "k1:abc"),
        ("invo_grant=" + "a" * LONGEST_GRANT, "a" * LONGEST_GRANT),
        ("invo_grant=" + "a" * (LONGEST_GRANT + 1), ""),
        ('invo_grant="k1:abc"', ""),
        ("invo_grant=k1:a b", ""),
        ("invo_grant=k1:a/b", ""),
        ("__Secure-invo_grant=k1:abc", ""),
        ("", ""),
    ],
)
def test_only_a_sealed_grant_of_its_name_is_read(header, value):
    assert grant_cookie_value(header, GRANT) == value


def test_over_https_a_grant_has_the_name_that_only_https_can_set():
    assert grant_cookie_name("https://booking.example") == SECURE_GRANT
    assert grant_cookie_name("http://localhost:8000") == GRANT


@pytest.mark.parametrize(
    ("path", "grant"),
    [
        (f"/relay/{'a' * 22}", "a" * 22),
        (f"/relay/{'a' * 22}/events", "a" * 22),
        (f"/relay/{'a' * 22}/sign-out", "a" * 22),
        (f"/relay/{'a' * 21}", ""),
        (f"/relay/{'a' * 23}", ""),
        (f"/relay/{'a' * 22}/", ""),
        (f"/relay/{'a' * 22}/events/more", ""),
        (f"/relays/{'a' * 22}", ""),
        (f"/x/relay/{'a' * 22}", ""),
        ("/relay/sign-in", ""),
        ("/bookings", ""),
    ],
)
def test_path_of_a_grant_is_known_by_its_form(path, grant):
    assert grant_of_path(path) == grant
