"""How values are typed, read and shown: for every setting there is."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invo_booking.domain.access.roles import Role
from invo_booking.settings import time, ux
from invo_booking.settings.parsers import (
    days_setting_field,
    email_setting_field,
    grid_minutes_setting_field,
    line_setting_field,
    percent_setting_field,
    reminder_times_setting_field,
    roles_setting_field,
    secret_setting_field,
)
from invo_booking.settings.registry import (
    BY_KEY,
    ENTRIES,
    search_settings,
    settings_on_page,
)
from invo_booking.settings.spec import Page, SettingKind, Values

EVERY = pytest.mark.parametrize("entry", ENTRIES, ids=lambda it: it.key)
NUMERIC = {
    SettingKind.NUMBER,
    SettingKind.MINUTES,
    SettingKind.DAYS,
    SettingKind.PERCENT,
    SettingKind.MINUTES_LIST,
}


@EVERY
def test_default_is_a_value_somebody_could_type(entry):
    assert entry.parse(entry.show(entry.default)) == entry.default


@EVERY
def test_control_has_what_its_kind_needs(entry):
    field = entry.field

    assert (field.kind in NUMERIC) == (field.minimum is not None)
    assert (field.kind in NUMERIC) == (field.maximum is not None)
    assert (field.kind in {SettingKind.CHOICE, SettingKind.ROLES}) == bool(
        field.choices
    )


@EVERY
def test_bounds_a_control_shows_are_those_that_are_obeyed(entry):
    field = entry.field
    if field.minimum is None or field.maximum is None:
        return

    entry.parse(str(field.minimum))
    entry.parse(str(field.maximum))
    for outside in (field.minimum - 1, field.maximum + 1):
        with pytest.raises(ValueError, match=f"from {field.minimum} to"):
            entry.parse(str(outside))


@EVERY
def test_every_choice_on_offer_can_be_chosen(entry):
    for choice in entry.field.choices:
        assert choice.value in entry.show(entry.parse(choice.value))


@EVERY
def test_setting_belongs_to_administrators_or_to_the_super_admin_alone(entry):
    assert Role.SUPER_ADMIN in entry.changeable_by
    assert entry.changeable_by <= {Role.SUPER_ADMIN, Role.ADMINISTRATOR}


@EVERY
@given(text=st.text() | st.integers(0, 400).map(str) | st.sampled_from(["on", "both"]))
def test_what_was_read_is_read_again_from_what_is_shown(entry, text):
    try:
        value = entry.parse(text)
    except ValueError:
        return
    assert entry.parse(entry.show(value)) == value


def test_secrets_have_no_default_and_no_choices():
    assert all(entry.default == "" for entry in ENTRIES if entry.is_secret)


@given(st.integers(5, 240))
def test_grid_meets_the_same_minutes_every_hour_or_every_day(step):
    try:
        grid_minutes_setting_field(5, 240).parse(str(step))
    except ValueError as refusal:
        assert "one of: 5, 6, 10" in str(refusal)  # noqa: PT017  (some are read)
        assert 60 % step
        assert step % 60
    else:
        assert (24 * 60) % step == 0


@pytest.mark.parametrize("text", ["101", "-1", "50.5", "50%"])
def test_share_is_a_whole_number_up_to_a_hundred(text):
    with pytest.raises(ValueError, match="from 0 to 100"):
        percent_setting_field().parse(text)


def test_units_follow_from_the_kind():
    assert (percent_setting_field().unit, days_setting_field(0, 9).unit) == (
        "percent",
        "days",
    )
    assert (percent_setting_field().kind, days_setting_field(0, 9).kind) == (
        SettingKind.PERCENT,
        SettingKind.DAYS,
    )


def test_more_reminders_than_anybody_wants_are_refused():
    with pytest.raises(ValueError, match="at most 5"):
        reminder_times_setting_field().parse("1,2,3,4,5,6")
    with pytest.raises(ValueError, match="whole number"):
        reminder_times_setting_field().parse("5," * 100_000)


def test_roles_are_shown_least_powerful_first_whatever_was_typed():
    chosen = roles_setting_field().parse(" administrator,agent, , manager")

    assert roles_setting_field().show(chosen) == "agent, manager, administrator"
    assert roles_setting_field().parse("") == frozenset()


def test_address_may_be_left_out_but_not_be_half_an_address():
    assert (
        email_setting_field().parse(" Front.Desk@Bank.Example ")
        == "front.desk@bank.example"
    )
    assert email_setting_field().parse(" ") == ""
    with pytest.raises(ValueError, match="e-mail address"):
        email_setting_field().parse("front desk")


@pytest.mark.parametrize("text", ["a\nb", "a\x00", "x" * 81, "\ud800"])
def test_what_is_not_one_short_printable_line_is_refused(text):
    for field in (line_setting_field(80), secret_setting_field(80)):
        with pytest.raises(ValueError, match="80 characters"):
            field.parse(text)


def test_spaces_around_a_secret_belong_to_it():
    assert secret_setting_field(80).parse(" x ") == " x "


def test_values_as_they_would_be_leave_those_in_force_alone():
    values = Values({ux.SLOT_TEXT.key: "#111111", time.INTERVAL.key: "30"})

    wanted = values.with_changes({ux.SLOT_TEXT.key: None, time.MAX_WAIT.key: "20"})

    assert wanted[ux.SLOT_TEXT] == "#000000"
    assert wanted[time.MAX_WAIT] == timedelta(minutes=20)
    assert wanted[time.INTERVAL] == values[time.INTERVAL] == timedelta(minutes=30)
    assert values[ux.SLOT_TEXT] == "#111111"
    assert not values.is_set(time.MAX_WAIT)


def test_pages_hold_every_setting_once():
    assert tuple(entry for page in Page for entry in settings_on_page(page)) == ENTRIES


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda it: it.key)
def test_every_setting_is_found_by_its_label_its_key_and_any_word_of_its_help(entry):
    for words in (entry.label, entry.key, entry.label.upper(), *entry.help.split()):
        assert entry in search_settings(words), words


def test_capitals_and_hyphens_make_no_difference_to_a_search():
    assert search_settings("EMAIL requirement") == search_settings("e-mail Requirement")
    assert [it.key for it in search_settings("email requirement")] == [
        "general.contact_requirement"
    ]


@given(st.text())
def test_any_words_may_be_searched_for(words):
    assert set(search_settings(words)) <= set(BY_KEY.values())
