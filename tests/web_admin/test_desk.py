"""What is changed on a settings page and not yet saved."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invo_booking.settings import general, mailer, time
from invo_booking.settings.spec import Setting
from invo_booking.usecases.admin.settings_saving import SettingEdit
from invo_booking.usecases.shared.settings import SettingEntry
from invo_booking.web.admin.settings.desk import SettingsForm

JOIN, WAIT = time.JOIN_BEFORE, time.MAX_WAIT
SECRET = mailer.PASSWORD
ASSIGN = next(iter(general.WHO_CAN.values()))
NOON = datetime(2026, 11, 23, 18, tzinfo=UTC)


def row(entry: Setting, text: str | None = None, **more) -> SettingEntry:
    shown = entry.show(entry.default) if text is None else text
    field = entry.field
    given_ = {
        "key": entry.key,
        "page": entry.page,
        "label": entry.label,
        "help": entry.help,
        "unit": field.unit,
        "kind": field.kind,
        "choices": field.choices,
        "minimum": field.minimum,
        "maximum": field.maximum,
        "text": shown,
        "default": entry.show(entry.default),
        "was": shown,
        "changed_by": "",
        "changed_at": None,
        "is_set": False,
        "editable": True,
        "deprecated": entry.deprecated,
        "broken": "",
        "warning": "",
    }
    return SettingEntry(**(given_ | more))


@pytest.fixture
def desk() -> SettingsForm:
    rows = [row(JOIN), row(WAIT), row(ASSIGN), row(SECRET, "", was="2026", is_set=True)]
    return SettingsForm().with_rows(rows)


def test_value_as_before_is_no_change(desk):
    typed = desk.with_value(JOIN.key, "20")

    assert typed.changes() == {JOIN.key: SettingEdit(text="20", was="10")}
    assert typed.with_value(JOIN.key, "10").changes() == {}


def test_secret_that_is_left_empty_is_no_change(desk):
    assert desk.with_value(SECRET.key, "").changes() == {}
    assert desk.with_value(SECRET.key, "x").with_value(SECRET.key, "").changes() == {}


def test_secret_can_be_removed(desk):
    removed = desk.with_default(SECRET.key)

    assert removed.changes() == {SECRET.key: SettingEdit(text=None, was="2026")}
    assert removed.field_text(SECRET.key) == ""


def test_default_that_is_typed_or_put_back_is_stored_as_none(desk):
    stored = desk.with_rows([row(JOIN, "20")])

    assert stored.with_value(JOIN.key, "10").changes()[JOIN.key].text is None
    assert stored.with_default(JOIN.key).changes()[JOIN.key].text is None
    assert stored.with_default(JOIN.key).field_text(JOIN.key) == "10"


def test_ticks_are_listed_in_the_order_of_the_choices(desk):
    ticked = desk.with_option(ASSIGN.key, "agent", on=True)

    assert (
        ticked.field_text(ASSIGN.key)
        == "agent, booking-manager, manager, administrator"
    )
    assert ticked.with_option(ASSIGN.key, "agent", on=False).changes() == {}


def test_somebody_elses_change_collides_until_one_decides(desk):
    theirs = row(JOIN, "45", changed_by="Grace", changed_at=NOON)
    both = desk.with_value(JOIN.key, "20").with_rows([theirs])

    assert both.is_changed_elsewhere(JOIN.key)
    assert both.field_text(JOIN.key) == "20"
    assert not both.with_own_value(JOIN.key).is_changed_elsewhere(JOIN.key)
    assert both.with_own_value(JOIN.key).changes() == {
        JOIN.key: SettingEdit(text="20", was="45")
    }
    assert both.without_changes(JOIN.key).field_text(JOIN.key) == "45"
    assert both.with_value(JOIN.key, "21").is_changed_elsewhere(JOIN.key)


def test_field_is_drawn_anew_when_we_fill_it_and_never_while_somebody_types(desk):
    typed = desk.with_value(JOIN.key, "2").with_value(JOIN.key, "20")
    assert typed.rounds == desk.rounds

    assert typed.without_changes(JOIN.key).rounds[JOIN.key] == 1
    assert desk.with_default(JOIN.key).rounds[JOIN.key] == 1
    assert desk.with_rows([row(JOIN, "45")]).rounds[JOIN.key] == 1
    assert JOIN.key not in typed.with_rows([row(JOIN, "45")]).rounds


def test_refused_value_is_marked_until_it_is_changed(desk):
    refused = desk.with_value(JOIN.key, "x").with_errors(
        {JOIN.key: "Enter a whole number."}
    )

    assert refused.errors == {JOIN.key: "Enter a whole number."}
    assert refused.with_value(JOIN.key, "20").errors == {}


def test_unknown_settings_and_those_one_may_not_change_are_left_alone(desk):
    locked = desk.with_rows([row(JOIN, editable=False)])

    for step in (
        locked.with_value(JOIN.key, "20"),
        locked.with_default(JOIN.key),
        locked.with_value("time.travel", "on"),
        locked.with_option("time.travel", "x", on=True),
        locked.with_default("time.travel"),
        locked.with_own_value("time.travel"),
    ):
        assert step.changes() == {}


@given(
    st.lists(
        st.tuples(st.sampled_from([JOIN.key, WAIT.key]), st.text(max_size=5)),
        max_size=8,
    )
)
def test_discarding_leaves_nothing_whatever_was_typed(steps):
    desk = SettingsForm().with_rows([row(JOIN), row(WAIT)])
    for key, text in steps:
        desk = desk.with_value(key, text)

    clean = desk.without_changes()

    assert clean.changes() == {}
    assert replace(clean, rounds={}) == SettingsForm().with_rows([row(JOIN), row(WAIT)])
