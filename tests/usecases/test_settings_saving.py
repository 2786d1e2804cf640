from dataclasses import replace
from datetime import timedelta

import psycopg
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from invo_booking.domain.access.roles import Action, Role
from invo_booking.domain.errors import (
    InvalidInputError,
    NotAllowedError,
    NotFoundError,
    SettingChangedError,
)
from invo_booking.persistence.engine import make_engine
from invo_booking.persistence.notifications import CHANNEL
from invo_booking.persistence.unit_of_work import unit_of_work
from invo_booking.settings import general, time, ux
from invo_booking.settings.registry import ENTRIES
from invo_booking.usecases.admin.settings_saving import (
    SettingEdit,
    reset_setting,
    undo_setting_change,
)
from invo_booking.usecases.admin.settings_saving import save_settings as save
from invo_booking.usecases.shared import settings
from tests.support.examples import SLOWNESS, how_many
from tests.support.stored import in_force, is_set, revision, row, trail

JOIN, WAIT = time.JOIN_BEFORE.key, time.MAX_WAIT.key
KEPT_FROM_ADMINISTRATORS = [
    entry for entry in ENTRIES if Role.ADMINISTRATOR not in entry.changeable_by
]


@pytest.fixture
def omar(bank):
    return bank.agent("Omar", roles=(Role.ADMINISTRATOR,))


def test_saved_setting_is_in_force_at_once_and_says_who_changed_it(deps, clock, grace):
    saved = save(deps, grace, {JOIN: SettingEdit(text=" 20 ", was="10")})

    assert saved.keys == (JOIN,)
    assert in_force(deps, time.JOIN_BEFORE) == "20"
    shown = row(deps, grace, JOIN)
    assert (shown.text, shown.default, shown.is_set) == ("20", "10", True)
    assert (shown.changed_by, shown.changed_at) == ("Grace", clock.now)


def test_another_process_obeys_at_its_next_transaction(deps, config, grace):
    engine = make_engine(config.database_url)
    elsewhere = replace(deps, begin=unit_of_work(engine, config.mail_link_key))
    assert in_force(elsewhere, time.JOIN_BEFORE) == "10"

    save(deps, grace, {JOIN: SettingEdit(text="20")})

    assert in_force(elsewhere, time.JOIN_BEFORE) == "20"
    engine.dispose()


def test_open_pages_are_told_of_what_was_saved_and_of_nothing_else(deps, config, grace):
    address = config.database_url.replace("+psycopg", "")
    with psycopg.connect(address, autocommit=True) as listener:
        listener.execute(f"LISTEN {CHANNEL}")

        with pytest.raises(InvalidInputError):
            save(deps, grace, {JOIN: SettingEdit(text="-1")})
        save(deps, grace, {JOIN: SettingEdit(text="10")})
        save(deps, grace, {JOIN: SettingEdit(text="20"), WAIT: SettingEdit(text="30")})

        (told,) = listener.notifies(timeout=60, stop_after=1)
        assert told.payload == '{"settings": true}'
        assert list(listener.notifies(timeout=0.2)) == []


def test_one_wrong_value_keeps_all_the_others_from_being_saved(deps, grace):
    before = revision(deps)

    with pytest.raises(InvalidInputError) as refused:
        save(
            deps,
            grace,
            {
                JOIN: SettingEdit(text="20"),
                WAIT: SettingEdit(text="0"),
                ux.SLOT_TEXT.key: SettingEdit(text="red"),
            },
        )

    assert set(refused.value.fields) == {WAIT, ux.SLOT_TEXT.key}
    assert refused.value.fields[WAIT] == "Enter a whole number from 1 to 240."
    assert in_force(deps, time.JOIN_BEFORE) == "10"
    assert trail(deps) == []
    assert revision(deps) == before


def test_every_change_is_in_the_trail_with_before_and_after(deps, grace):
    save(deps, grace, {JOIN: SettingEdit(text="20"), WAIT: SettingEdit(text="30")})

    told = {entry.object_id: entry for entry in trail(deps)}
    assert told[JOIN].detail == {"before": "10", "after": "20"}
    assert told[WAIT].detail == {"before": "15", "after": "30"}
    assert {entry.actor for entry in told.values()} == {"Grace"}
    assert {entry.action for entry in told.values()} == {"changed"}


def test_value_that_is_in_force_already_changes_nothing(deps, grace):
    before = revision(deps)

    saved = save(
        deps, grace, {JOIN: SettingEdit(text="10"), WAIT: SettingEdit(text=" 15")}
    )

    assert saved.keys == ()
    assert trail(deps) == []
    assert revision(deps) == before
    assert not is_set(deps, time.JOIN_BEFORE)


def test_value_changed_by_somebody_else_meanwhile_is_not_overwritten(
    deps, clock, grace, omar
):
    opened = row(deps, omar, JOIN).was
    save(deps, grace, {JOIN: SettingEdit(text="20", was=opened)})
    clock.advance(timedelta(minutes=1))

    with pytest.raises(SettingChangedError, match="Grace changed “Joining") as refused:
        save(
            deps,
            omar,
            {
                WAIT: SettingEdit(text="30", was="15"),
                JOIN: SettingEdit(text="5", was=opened),
            },
        )

    (theirs,) = refused.value.changed
    assert (theirs.key, theirs.by, theirs.text) == (JOIN, "Grace", "20")
    assert theirs.at == clock.now - timedelta(minutes=1)
    assert in_force(deps, time.JOIN_BEFORE) == "20"
    assert in_force(deps, time.MAX_WAIT) == "15"


def test_somebody_who_has_seen_the_other_value_may_keep_the_own_one(deps, grace, omar):
    save(deps, grace, {JOIN: SettingEdit(text="20", was="10")})
    with pytest.raises(SettingChangedError) as refused:
        save(deps, omar, {JOIN: SettingEdit(text="5", was="10")})

    save(deps, omar, {JOIN: SettingEdit(text="5", was=refused.value.changed[0].was)})

    assert in_force(deps, time.JOIN_BEFORE) == "5"


def test_two_who_want_the_same_are_not_in_each_others_way(deps, grace, omar):
    save(deps, grace, {JOIN: SettingEdit(text="20", was="10")})

    assert save(deps, omar, {JOIN: SettingEdit(text="20", was="10")}).keys == ()


def test_change_back_to_the_default_by_somebody_else_names_them(deps, grace, omar):
    save(deps, grace, {JOIN: SettingEdit(text="20")})
    reset_setting(deps, omar, JOIN)

    with pytest.raises(SettingChangedError, match="Omar changed"):
        save(deps, grace, {JOIN: SettingEdit(text="30", was="20")})


def test_was_is_compared_by_meaning_and_not_by_spelling(deps, grace):
    key = general.WHO_CAN[Action.EDIT].key
    spelt = "administrator,manager , booking-manager"

    assert save(deps, grace, {key: SettingEdit(text="manager", was=spelt)}).keys == (
        key,
    )


def test_reset_puts_the_default_back_and_is_remembered(deps, clock, grace, omar):
    save(deps, grace, {JOIN: SettingEdit(text="20")})
    clock.advance(timedelta(minutes=1))

    assert reset_setting(deps, omar, JOIN).keys == (JOIN,)
    assert reset_setting(deps, omar, JOIN).keys == ()

    shown = row(deps, grace, JOIN)
    assert (shown.text, shown.is_set) == ("10", False)
    assert (shown.changed_by, shown.changed_at) == ("Omar", clock.now)
    latest = settings.setting_history(deps, grace, JOIN)[0]
    assert (latest.action, latest.before, latest.after) == ("reset", "20", "10")


def test_history_tells_every_change_latest_first(deps, grace, omar):
    save(deps, grace, {JOIN: SettingEdit(text="20")})
    save(deps, omar, {JOIN: SettingEdit(text="30"), WAIT: SettingEdit(text="30")})

    told = settings.setting_history(deps, grace, JOIN)

    assert [(it.by, it.before, it.after) for it in told] == [
        ("Omar", "20", "30"),
        ("Grace", "10", "20"),
    ]
    assert all(it.undoable for it in told)


def test_undone_change_gives_the_value_before_it_and_is_itself_a_change(deps, grace):
    save(deps, grace, {JOIN: SettingEdit(text="20")})
    save(deps, grace, {JOIN: SettingEdit(text="30")})

    undo_setting_change(
        deps, grace, settings.setting_history(deps, grace, JOIN)[0].number
    )

    assert in_force(deps, time.JOIN_BEFORE) == "20"
    latest = settings.setting_history(deps, grace, JOIN)[0]
    assert (latest.action, latest.before, latest.after) == ("undone", "30", "20")


def test_undoing_the_first_change_leaves_the_setting_at_its_default(deps, grace):
    save(deps, grace, {JOIN: SettingEdit(text="20")})

    undo_setting_change(
        deps, grace, settings.setting_history(deps, grace, JOIN)[0].number
    )

    assert not is_set(deps, time.JOIN_BEFORE)


def test_undo_does_not_overwrite_what_the_actor_has_not_seen(deps, grace, omar):
    save(deps, grace, {JOIN: SettingEdit(text="20")})
    number = settings.setting_history(deps, grace, JOIN)[0].number
    save(deps, omar, {JOIN: SettingEdit(text="30")})

    with pytest.raises(SettingChangedError):
        undo_setting_change(deps, grace, number, was="20")


def test_undo_obeys_the_rules_of_today(deps, grace):
    save(deps, grace, {time.MIN_DURATION.key: SettingEdit(text="30")})
    number = settings.setting_history(deps, grace, time.MIN_DURATION.key)[0].number
    save(
        deps,
        grace,
        {
            time.MIN_DURATION.key: SettingEdit(text="10"),
            time.DEFAULT_DURATION.key: SettingEdit(text="10"),
            time.MAX_DURATION.key: SettingEdit(text="10"),
            time.INTERVAL.key: SettingEdit(text="5"),
        },
    )

    with pytest.raises(InvalidInputError, match="is longer than"):
        undo_setting_change(deps, grace, number)


def test_change_that_is_not_a_settings_cannot_be_undone(deps, grace):
    with pytest.raises(NotFoundError):
        undo_setting_change(deps, grace, 10**12)


def test_value_that_does_not_go_with_another_is_refused_beside_it(deps, grace):
    with pytest.raises(InvalidInputError) as refused:
        save(deps, grace, {time.MIN_DURATION.key: SettingEdit(text="60")})

    assert refused.value.fields == {
        time.MIN_DURATION.key: "Min duration (60 minutes) is longer than "
        "Default duration (30 minutes). Change one of them."
    }


def test_values_that_go_together_may_be_changed_together(deps, grace):
    changes = {
        time.MIN_DURATION.key: SettingEdit(text="60"),
        time.DEFAULT_DURATION.key: SettingEdit(text="60"),
    }

    assert set(save(deps, grace, changes).keys) == set(changes)


def test_old_mistake_elsewhere_is_no_reason_to_refuse(deps, bank, grace):
    bank.set(time.MIN_DURATION, "90")

    assert save(deps, grace, {JOIN: SettingEdit(text="20")}).keys == (JOIN,)
    assert "is longer than" in row(deps, grace, time.MIN_DURATION.key).warning


def test_unreadable_colours_are_saved_with_a_warning(deps, grace):
    saved = save(deps, grace, {ux.SLOT_AVAILABLE.key: SettingEdit(text="#333333")})

    assert saved.keys == (ux.SLOT_AVAILABLE.key,)
    assert "hard to read" in saved.warnings[ux.SLOT_AVAILABLE.key]
    assert row(deps, grace, ux.SLOT_AVAILABLE.key).warning


def test_colour_of_the_text_is_warned_about_at_the_backgrounds_it_is_read_on(
    deps, grace
):
    saved = save(deps, grace, {ux.SLOT_TEXT.key: SettingEdit(text="#ffffff")})

    assert set(saved.warnings) == {ux.SLOT_AVAILABLE.key, ux.SLOT_SELECTED.key}
    assert save(deps, grace, {JOIN: SettingEdit(text="20")}).warnings == {}


def test_broken_value_is_shown_with_its_reason_and_cured_by_saving(deps, bank, grace):
    bank.set(time.INTERVAL, "0")

    shown = row(deps, grace, time.INTERVAL.key)
    assert (shown.text, shown.is_set) == ("15", True)
    assert shown.broken.startswith("What is stored cannot be used")

    change = SettingEdit(text=shown.text, was=shown.was)
    assert save(deps, grace, {shown.key: change}).keys == (shown.key,)
    assert row(deps, grace, time.INTERVAL.key).broken == ""


def test_setting_that_does_not_exist_cannot_be_saved(deps, grace):
    with pytest.raises(NotFoundError):
        save(deps, grace, {"time.travel": SettingEdit(text="on")})


@pytest.mark.parametrize("role", [Role.AGENT, Role.BOOKING_MANAGER, Role.MANAGER])
def test_nobody_but_administrators_reads_or_changes_settings(deps, bank, role):
    somebody = bank.agent("Sam", roles=(role,))

    for refused in (
        lambda: settings.all_setting_entries(deps, somebody),
        lambda: settings.search_setting_entries(deps, somebody, "join"),
        lambda: settings.setting_history(deps, somebody, JOIN),
        lambda: save(deps, somebody, {JOIN: SettingEdit(text="20")}),
        lambda: save(deps, somebody, {}),
        lambda: reset_setting(deps, somebody, JOIN),
        lambda: undo_setting_change(deps, somebody, 1),
    ):
        with pytest.raises(NotAllowedError):
            refused()

    assert in_force(deps, time.JOIN_BEFORE) == "10"


@pytest.mark.parametrize("entry", KEPT_FROM_ADMINISTRATORS, ids=lambda it: it.key)
def test_setting_kept_from_administrators_is_shown_to_them_but_not_changed(
    deps, grace, simone, entry
):
    assert not row(deps, grace, entry.key).editable
    assert row(deps, simone, entry.key).editable

    for refused in (
        lambda: save(deps, grace, {entry.key: SettingEdit(text="x")}),
        lambda: reset_setting(deps, grace, entry.key),
    ):
        with pytest.raises(NotAllowedError, match="Only a super admin"):
            refused()


@examples(
    max_examples=how_many(25),
    suppress_health_check=[*SLOWNESS, HealthCheck.function_scoped_fixture],
)
@given(
    texts=st.dictionaries(
        st.sampled_from([it.key for it in ENTRIES]),
        st.one_of(
            st.text(max_size=20),
            st.integers(-1, 300).map(str),
            st.sampled_from(["on", "off", "both", "agent, manager", "#abcdef"]),
        ),
        max_size=6,
    )
)
def test_whatever_is_saved_is_saved_whole_or_refused_whole(deps, simone, texts):
    before = {row.key: row.text for row in settings.all_setting_entries(deps, simone)}

    try:
        changed = save(
            deps, simone, {k: SettingEdit(text=t) for k, t in texts.items()}
        ).keys
    except InvalidInputError:
        changed = ()

    after = {row.key: row.text for row in settings.all_setting_entries(deps, simone)}
    different = {key for key in before if before[key] != after[key]}
    assert different <= set(changed) <= set(texts)
    assert not any(row.broken for row in settings.all_setting_entries(deps, simone))
