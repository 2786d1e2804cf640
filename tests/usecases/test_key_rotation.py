"""Secrets that move from one key of the deployment to another."""

from dataclasses import replace

import pytest

from invo_booking.config import load_config
from invo_booking.settings import mailer
from invo_booking.usecases.admin.settings_saving import SettingEdit, save_settings
from invo_booking.usecases.shared import settings
from invo_booking.usecases.shared.sealing import reveal_secret
from invo_booking.usecases.upkeep.keys import rotate_keys

KEY = mailer.PASSWORD.key


def with_keys(deps, keys):
    config = load_config(
        {"INVO_DATA_DIR": str(deps.config.data_dir), "INVO_SECRET_KEYS": keys}
    )
    return replace(deps, config=config)


def password(deps):
    with deps.unit_of_work() as work:
        return reveal_secret(deps.config, work.settings, mailer.PASSWORD)


@pytest.fixture
def old(deps):
    return with_keys(deps, "old:" + "5e" * 32)


@pytest.fixture
def both(deps):
    return with_keys(deps, "new:" + "a1" * 32 + ",old:" + "5e" * 32)


@pytest.fixture
def new(deps):
    return with_keys(deps, "new:" + "a1" * 32)


def test_secret_is_opened_by_its_old_key_until_it_is_sealed_anew(old, both, new, grace):
    save_settings(old, grace, {KEY: SettingEdit(text="hunter2")})
    assert (password(both), password(new)) == ("hunter2", "")

    rotation = rotate_keys(both)

    assert (rotation.key_id, rotation.resealed) == ("new", (mailer.PASSWORD.label,))
    assert (password(new), password(old)) == ("hunter2", "")


def test_sealing_anew_is_no_change_of_the_setting(old, both, clock, grace):
    save_settings(old, grace, {KEY: SettingEdit(text="hunter2")})
    before = settings.all_setting_entries(old, grace)
    clock.advance(clock.now - clock.now.replace(hour=0))

    rotate_keys(both)

    assert settings.all_setting_entries(both, grace) == before
    assert len(settings.setting_history(both, grace, KEY)) == 1


def test_second_rotation_finds_nothing_to_do(old, both, grace):
    save_settings(old, grace, {KEY: SettingEdit(text="hunter2")})
    rotate_keys(both)

    assert rotate_keys(both).resealed == ()


def test_secret_whose_key_went_too_early_is_named_and_kept(old, both, new, grace):
    save_settings(old, grace, {KEY: SettingEdit(text="hunter2")})

    rotation = rotate_keys(new)

    assert rotation.lost == (mailer.PASSWORD.label,)
    assert password(both) == "hunter2"
