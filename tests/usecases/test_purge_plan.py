"""Purging deletes for good: it is said before, confirmed by a word, and begins late."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import update

from invo_booking.domain.errors import ConflictError, InvalidInputError
from invo_booking.persistence.tables.core import InstitutionRow
from invo_booking.settings.general import PURGE_OUTDATED
from invo_booking.usecases.admin.settings_saving import (
    SettingEdit,
    reset_setting,
    save_settings,
    undo_setting_change,
)
from invo_booking.usecases.shared import purge_plan, settings
from invo_booking.usecases.upkeep.purge import purge_outdated
from tests.support.bank import at
from tests.usecases.test_purge import MIDNIGHT, keep, left, made

KEY = PURGE_OUTDATED.key
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)


def switch(bank, grace, text, word=purge_plan.WORD):
    return save_settings(bank.deps, grace, {KEY: SettingEdit(text=text, word=word)})


def test_nothing_is_deleted_before_the_first_midnight_after_it_was_switched_on(
    bank, grace, clock
):
    keep(bank.deps, made(bank, at(9, days=-3)), made(bank, at(9)))
    clock.now = at(12)
    switch(bank, grace, "on")

    assert purge_outdated(bank.deps) == 0
    clock.now = MIDNIGHT - SECOND
    assert purge_outdated(bank.deps) == 0
    clock.now = MIDNIGHT
    assert purge_outdated(bank.deps) == 2


def test_each_change_moves_the_first_midnight(bank, grace, clock):
    keep(bank.deps, made(bank, at(9, days=-3)))
    clock.now = at(12)
    switch(bank, grace, "on")
    clock.now = at(13)
    switch(bank, grace, "off")
    clock.now = MIDNIGHT + SECOND
    assert purge_outdated(bank.deps) == 0

    switch(bank, grace, "on")

    assert purge_outdated(bank.deps) == 0
    clock.now = MIDNIGHT + DAY
    assert purge_outdated(bank.deps) == 1


def test_midnight_is_that_of_the_databases_time(bank, grace, clock):
    keep(bank.deps, made(bank, at(9, days=-3)))
    clock.now = at(23)
    parts = replace(bank.deps, database_now=lambda _work: at(25))

    save_settings(parts, grace, {KEY: SettingEdit(text="on", word=purge_plan.WORD)})

    clock.now = MIDNIGHT + SECOND
    assert purge_outdated(bank.deps) == 0
    clock.now = MIDNIGHT + DAY
    assert purge_outdated(bank.deps) == 1


def test_midnight_that_was_promised_stays_when_the_institution_moves(
    bank, grace, clock
):
    keep(bank.deps, made(bank, at(9, days=-3)))
    clock.now = at(12)
    switch(bank, grace, "on")
    with bank.deps.unit_of_work() as work:
        work.session.exec(update(InstitutionRow).values(time_zone="Asia/Tokyo"))
        work.publish_roster_change()

    clock.now = MIDNIGHT - SECOND
    assert purge_outdated(bank.deps) == 0


@pytest.mark.parametrize("word", ["", "delete", "DELETE it", "YES"])
def test_number_and_midnight_are_told_until_the_word_is_typed(bank, grace, clock, word):
    appointments = (made(bank, at(9, days=-day)) for day in range(1_234))
    keep(bank.deps, *appointments, made(bank, at(23)), made(bank, at(30)))
    clock.now = at(12)

    with pytest.raises(InvalidInputError) as refused:
        switch(bank, grace, "on", word)

    assert refused.value.fields[KEY] == (
        "This deletes 1,235 appointments at 0:00 on Tuesday, November 24, 2026, "
        "and at every midnight from then on what ended before it. What is deleted "
        "cannot be brought back. Type DELETE to confirm."
    )
    clock.now = MIDNIGHT + DAY
    assert purge_outdated(bank.deps) == 0


def test_number_that_was_told_is_what_goes(bank, grace, clock):
    keep(bank.deps, *(made(bank, at(9, days=-day)) for day in range(3)))
    stays = made(bank, at(24, 30))
    keep(bank.deps, stays)
    clock.now = at(12)
    row = next(
        it for it in settings.all_setting_entries(bank.deps, grace) if it.key == KEY
    )
    switch(bank, grace, "on")
    clock.now = MIDNIGHT

    assert row.consequence.startswith("This deletes 3 appointments at 0:00")
    assert purge_outdated(bank.deps) == 3
    assert left(bank.deps) == {stays.id}


@pytest.mark.parametrize("word", [" DELETE ", "\u200bDELETE\ufeff", "\uff24ELETE"])
def test_word_counts_as_it_looks(bank, grace, word):
    assert switch(bank, grace, "on", word).keys == (KEY,)


def test_switching_off_needs_no_word_and_keeps_what_is_left(bank, grace, clock):
    keep(bank.deps, made(bank, at(9, days=-3)))
    clock.now = at(12)
    switch(bank, grace, "on")

    reset_setting(bank.deps, grace, KEY)

    clock.now = MIDNIGHT + DAY
    assert purge_outdated(bank.deps) == 0


def test_no_change_of_it_can_be_undone(bank, grace):
    switch(bank, grace, "on")
    switch(bank, grace, "off")
    told = settings.setting_history(bank.deps, grace, KEY)

    assert not any(it.undoable for it in told)
    for change in told:
        with pytest.raises(ConflictError):
            undo_setting_change(bank.deps, grace, change.number)
