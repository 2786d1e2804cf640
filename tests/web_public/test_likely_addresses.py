"""Addresses that are probably mistyped, and those that only look odd."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invo_booking.web.kit.text.likely_addresses import (
    WELL_KNOWN,
    is_one_slip,
    likely_address,
)


@pytest.mark.parametrize(
    ("domain", "meant"),
    [
        ("gmial.com", "gmail.com"),
        ("gamil.com", "gmail.com"),
        ("gmai.com", "gmail.com"),
        ("gmaill.com", "gmail.com"),
        ("gmail.con", "gmail.com"),
        ("gmail.co", "gmail.com"),
        ("gmial.con", "gmail.com"),
        ("hotmial.com", "hotmail.com"),
        ("yaho.com", "yahoo.com"),
        ("outlok.com", "outlook.com"),
        ("iclould.com", "icloud.com"),
        ("harbor-bank.con", "harbor-bank.com"),
    ],
)
def test_slip_in_a_well_known_domain_is_recognized(domain, meant):
    assert likely_address(f"ana.gmial@{domain}") == f"ana.gmial@{meant}"


@pytest.mark.parametrize(
    "domain",
    ["example.com", "ymail.com", "email.com", "mail.com", "gmx.de", "me.com", "ml.com"],
)
def test_real_domain_is_left_alone(domain):
    assert likely_address(f"ana@{domain}") == ""


@pytest.mark.parametrize("text", ["", "ana", "@", "ana@", "ana@x", "@gmail.com"])
def test_text_that_is_no_address_has_no_likely_one(text):
    assert likely_address(text) == ""


@given(st.sampled_from(sorted(WELL_KNOWN)))
def test_well_known_domain_is_never_doubted(domain):
    assert likely_address(f"ana@{domain}") == ""


@given(st.text(min_size=1, max_size=12), st.data())
def test_text_with_one_letter_more_is_one_slip_away(text, data):
    at = data.draw(st.integers(0, len(text)))
    longer = text[:at] + data.draw(st.characters()) + text[at:]

    assert is_one_slip(text, longer)
    assert is_one_slip(longer, text)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("abcd", "dcba"), ("abcd", "abdd."), ("ab", "abcd"), ("a", "a")],
)
def test_two_slips_are_not_one(typed, meant):
    assert not is_one_slip(typed, meant)
