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
    return SettingsForm().read(rows)


def test_value_as_before_is_no_change(desk):
    typed = desk.typed(JOIN.key, "20")

    assert typed.changes() == {JOIN.key: SettingEdit(text="20", was="10")}
    assert typed.typed(JOIN.key, "10").changes() == {}


def test_secret_that_is_left_empty_is_no_change(desk):
    assert desk.typed(SECRET.key, "").changes() == {}
    assert desk.typed(SECRET.key, "x").typed(SECRET.key, "").changes() == {}


def test_secret_can_be_removed(desk):
    removed = desk.at_default(SECRET.key)

    assert removed.changes() == {SECRET.key: SettingEdit(text=None, was="2026")}
    assert removed.text(SECRET.key) == ""


def test_default_that_is_typed_or_put_back_is_stored_as_none(desk):
    stored = desk.read([row(JOIN, "20")])

    assert stored.typed(JOIN.key, "10").changes()[JOIN.key].text is None
    assert stored.at_default(JOIN.key).changes()[JOIN.key].text is None
    assert stored.at_default(JOIN.key).text(JOIN.key) == "10"


def test_ticks_are_listed_in_the_order_of_the_choices(desk):
    ticked = desk.ticked(ASSIGN.key, "agent", on=True)

    assert ticked.text(ASSIGN.key) == "agent, booking-manager, manager, administrator"
    assert ticked.ticked(ASSIGN.key, "agent", on=False).changes() == {}


def test_somebody_elses_change_collides_until_one_decides(desk):
    theirs = row(JOIN, "45", changed_by="Grace", changed_at=NOON)
    both = desk.typed(JOIN.key, "20").read([theirs])

    assert both.collides(JOIN.key)
    assert both.text(JOIN.key) == "20"
    assert not both.kept(JOIN.key).collides(JOIN.key)
    assert both.kept(JOIN.key).changes() == {JOIN.key: SettingEdit(text="20", was="45")}
    assert both.put_back(JOIN.key).text(JOIN.key) == "45"
    assert both.typed(JOIN.key, "21").collides(JOIN.key)


def test_field_is_drawn_anew_when_we_fill_it_and_never_while_somebody_types(desk):
    typed = desk.typed(JOIN.key, "2").typed(JOIN.key, "20")
    assert typed.rounds == desk.rounds

    assert typed.put_back(JOIN.key).rounds[JOIN.key] == 1
    assert desk.at_default(JOIN.key).rounds[JOIN.key] == 1
    assert desk.read([row(JOIN, "45")]).rounds[JOIN.key] == 1
    assert JOIN.key not in typed.read([row(JOIN, "45")]).rounds


def test_refused_value_is_marked_until_it_is_changed(desk):
    refused = desk.typed(JOIN.key, "x").refused({JOIN.key: "Enter a whole number."})

    assert refused.errors == {JOIN.key: "Enter a whole number."}
    assert refused.typed(JOIN.key, "20").errors == {}


def test_unknown_settings_and_those_one_may_not_change_are_left_alone(desk):
    locked = desk.read([row(JOIN, editable=False)])

    for step in (
        locked.typed(JOIN.key, "20"),
        locked.at_default(JOIN.key),
        locked.typed("time.travel", "on"),
        locked.ticked("time.travel", "x", on=True),
        locked.at_default("time.travel"),
        locked.kept("time.travel"),
    ):
        assert step.changes() == {}


@given(
    st.lists(
        st.tuples(st.sampled_from([JOIN.key, WAIT.key]), st.text(max_size=5)),
        max_size=8,
    )
)
def test_discarding_leaves_nothing_whatever_was_typed(steps):
    desk = SettingsForm().read([row(JOIN), row(WAIT)])
    for key, text in steps:
        desk = desk.typed(key, text)

    clean = desk.put_back()

    assert clean.changes() == {}
    assert replace(clean, rounds={}) == SettingsForm().read([row(JOIN), row(WAIT)])
