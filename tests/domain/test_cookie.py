import time

import pytest

from invo_booking.domain.access.cookie import (
    NAME,
    SECURE_NAME,
    cookie_name,
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
