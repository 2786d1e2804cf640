import importlib
import pkgutil
from dataclasses import replace
from datetime import timedelta
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invo_booking import settings
from invo_booking.domain.access.roles import Action, Role
from invo_booking.settings import general, time, ux
from invo_booking.settings.parsers import (
    minutes_setting_field,
    reminder_times_setting_field,
    whole_number_setting_field,
)
from invo_booking.settings.registry import BY_KEY, ENTRIES, setting_entries_of
from invo_booking.settings.spec import Page, Values


def test_no_two_settings_share_a_key():
    assert len(BY_KEY) == len(ENTRIES)


def test_a_setting_is_found_by_being_defined():
    module = ModuleType("some_settings")
    alone, one, two = (replace(ux.SLOT_TEXT, key=key) for key in ("x.a", "x.b", "x.c"))
    vars(module).update(ALONE=alone, LIMIT=30, BY_ACTION={"one": one, "two": two})

    assert setting_entries_of(module) == (alone, one, two)


def test_no_module_of_settings_is_forgotten():
    names = [it.name for it in pkgutil.iter_modules(settings.__path__)]
    modules = [importlib.import_module(f"{settings.__name__}.{it}") for it in names]

    assert {it.key for module in modules for it in setting_entries_of(module)} == set(
        BY_KEY
    )


def test_every_setting_says_what_it_does_in_a_sentence():
    assert all(entry.label and entry.help.endswith(".") for entry in ENTRIES)
    assert all(entry.page in Page for entry in ENTRIES)


def test_defaults_are_those_of_the_product():
    values = Values({})

    assert values[general.PUBLIC_SCHEDULING] is False
    assert values[general.CONTACT_REQUIREMENT] == "email"
    assert values[general.MOST_PER_DAY] == 3
    assert values[time.INTERVAL] == timedelta(minutes=15)
    assert values[time.PUBLIC_WINDOW] == timedelta(hours=1)
    assert values[time.REMINDERS] == (timedelta(hours=1),)
    assert Role.AGENT in values[general.WHO_CAN[Action.CREATE]]
    assert Role.AGENT not in values[general.WHO_CAN[Action.DELETE]]


def test_stored_value_that_no_longer_parses_falls_back_and_is_reported():
    values = Values({time.INTERVAL.key: "0", ux.SLOT_TEXT.key: "red"})

    assert values[time.INTERVAL] == time.INTERVAL.default
    assert values[ux.SLOT_TEXT] == "#000000"
    assert set(values.broken) == {time.INTERVAL.key, ux.SLOT_TEXT.key}


@given(st.integers(0, 100))
def test_number_within_bounds_comes_back_as_typed(number):
    assert whole_number_setting_field(0, 100).parse(f" {number} ") == number
    assert minutes_setting_field(0, 100).parse(str(number)) == timedelta(minutes=number)


@pytest.mark.parametrize(
    "text", ["", "-1", "101", "1.5", "1e2", "٣", "NaN", "0x10", "9" * 5000, "1_0"]
)
def test_what_is_no_whole_number_within_bounds_is_refused_in_a_sentence(text):
    with pytest.raises(ValueError, match="whole number from 0 to 100"):
        whole_number_setting_field(0, 100).parse(text)


@given(st.text())
def test_any_text_is_either_read_or_refused_by_every_setting(text):
    for entry in ENTRIES:
        try:
            entry.parse(text)
        except ValueError as refusal:
            assert str(refusal)  # noqa: PT017  (most texts are refused, a few are not)


def test_reminders_are_sorted_without_doubles_and_zero_means_none():
    assert reminder_times_setting_field().parse("60, 15,60") == (
        timedelta(minutes=15),
        timedelta(minutes=60),
    )
    assert reminder_times_setting_field().parse("0") == ()
    assert reminder_times_setting_field().parse("") == ()


def test_role_that_does_not_exist_and_super_admin_cannot_be_chosen():
    parse = general.WHO_CAN[Action.EDIT].parse

    assert parse("agent, manager") == {Role.AGENT, Role.MANAGER}
    for text in ("root", "super-admin"):
        with pytest.raises(ValueError, match="Choose among"):
            parse(text)
