"""Secrets that are stored sealed."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invo_booking.config import load_config
from invo_booking.settings.parsers import secret_setting_field
from invo_booking.settings.spec import Page, Setting, Values
from invo_booking.usecases.shared.sealing import (
    SealBrokenError,
    reveal_secret,
    seal,
    unseal,
)

OLD, NEW = "old:" + "5e" * 32, "new:" + "a1" * 32
CONFIG = load_config({"INVO_SECRET_KEYS": OLD})
PASSWORD = Setting(
    key="test.password",
    page=Page.MAILER,
    label="Password",
    help="For tests.",
    default="",
    field=secret_setting_field(80),
)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=200))
def test_sealed_text_comes_back_and_never_looks_the_same_twice(text):
    sealed = seal(CONFIG, "a", text)

    assert unseal(CONFIG, "a", sealed) == text
    assert sealed != seal(CONFIG, "a", text)
    assert len(text) < 4 or text not in sealed


def test_first_key_seals_and_all_keys_open():
    sealed = seal(CONFIG, "a", "x")
    rotated = load_config({"INVO_SECRET_KEYS": f"{NEW},{OLD}"})

    assert unseal(rotated, "a", sealed) == "x"
    assert seal(rotated, "a", "x").startswith("new:")


def test_secret_moved_to_another_place_does_not_open_there():
    with pytest.raises(SealBrokenError, match="changed outside"):
        unseal(CONFIG, "b", seal(CONFIG, "a", "x"))


def test_secret_sealed_with_a_key_that_is_gone_says_so():
    sealed = seal(load_config({"INVO_SECRET_KEYS": NEW}), "a", "x")

    with pytest.raises(SealBrokenError, match="INVO_SECRET_KEYS"):
        unseal(CONFIG, "a", sealed)


def test_one_key_under_the_name_of_another_opens_nothing():
    sealed = seal(CONFIG, "a", "x").removeprefix("old:")
    both = load_config({"INVO_SECRET_KEYS": f"{OLD},twin:" + "5e" * 32})

    with pytest.raises(SealBrokenError):
        unseal(both, "a", f"twin:{sealed}")


@given(st.integers(0, 28), st.integers(1, 255))
def test_any_byte_changed_is_noticed(place, flip):
    raw = bytearray(base64.b64decode(seal(CONFIG, "a", "x").removeprefix("old:")))
    raw[place] ^= flip

    with pytest.raises(SealBrokenError):
        unseal(CONFIG, "a", "old:" + base64.b64encode(raw).decode())


@given(st.text() | st.text().map(lambda text: f"old:{text}"))
def test_what_was_never_sealed_does_not_open(text):
    with pytest.raises(SealBrokenError):
        unseal(CONFIG, "a", text)


def test_setting_is_revealed_or_counts_as_not_set():
    sealed = seal(CONFIG, PASSWORD.key, "x")

    assert reveal_secret(CONFIG, Values({PASSWORD.key: sealed}), PASSWORD) == "x"
    assert reveal_secret(CONFIG, Values({PASSWORD.key: "x"}), PASSWORD) == ""
    assert reveal_secret(CONFIG, Values({}), PASSWORD) == ""


def test_values_keep_a_secret_sealed():
    sealed = seal(CONFIG, PASSWORD.key, "x")

    assert Values({PASSWORD.key: sealed})[PASSWORD] == sealed
