"""Administrators who press Save at the same moment, on a real database."""

import pytest

from invo_booking.domain.access.roles import Role
from invo_booking.domain.errors import InvalidInputError, SettingChangedError
from invo_booking.settings import time
from invo_booking.settings.rules import setting_clashes
from invo_booking.usecases.admin.settings_saving import SettingEdit, save_settings
from invo_booking.usecases.shared import settings
from tests.concurrency.racing import race, refusals, winners

ROUNDS = range(5)
MIN, DEFAULT = time.MIN_DURATION.key, time.DEFAULT_DURATION.key


@pytest.fixture
def omar(bank):
    return bank.agent("Omar", roles=(Role.ADMINISTRATOR,))


@pytest.mark.parametrize("number", ROUNDS)
def test_two_change_one_setting_and_one_of_them_is_told(deps, grace, omar, number):
    key = time.JOIN_BEFORE.key

    outcomes = race(
        lambda: save_settings(
            deps, grace, {key: SettingEdit(text=f"{20 + number}", was="10")}
        ),
        lambda: save_settings(
            deps, omar, {key: SettingEdit(text=f"{40 + number}", was="10")}
        ),
    )

    assert len(winners(outcomes)) == 1
    assert refusals(outcomes) == {SettingChangedError}
    assert len(settings.setting_history(deps, grace, key)) == 1


@pytest.mark.parametrize("_", ROUNDS)
def test_changes_that_clash_only_together_are_not_both_made(deps, grace, omar, _):
    outcomes = race(
        lambda: save_settings(deps, grace, {MIN: SettingEdit(text="30")}),
        lambda: save_settings(deps, omar, {DEFAULT: SettingEdit(text="15")}),
    )

    assert len(winners(outcomes)) == 1
    assert refusals(outcomes) == {InvalidInputError}
    with deps.unit_of_work() as work:
        assert setting_clashes(work.settings, {MIN, DEFAULT}) == {}


def test_changes_of_different_settings_are_both_made(deps, grace, omar):
    keys = (time.JOIN_BEFORE.key, time.MAX_WAIT.key)

    outcomes = race(
        lambda: save_settings(deps, grace, {keys[0]: SettingEdit(text="20", was="10")}),
        lambda: save_settings(deps, omar, {keys[1]: SettingEdit(text="20", was="15")}),
    )

    assert len(winners(outcomes)) == 2
    rows = {row.key: row.text for row in settings.all_setting_entries(deps, grace)}
    assert [rows[key] for key in keys] == ["20", "20"]
