from datetime import timedelta

import pytest

from invo_booking.domain.errors import (
    ConflictError,
    SettingChangedError,
)
from invo_booking.settings.registry import ENTRIES
from invo_booking.usecases.admin.settings_saving import (
    SettingEdit,
    save_settings,
    undo_setting_change,
)
from invo_booking.usecases.shared import settings
from tests.support.stored import row, trail, typed

SECRETS = [entry for entry in ENTRIES if entry.is_secret]


@pytest.mark.parametrize("entry", SECRETS, ids=lambda it: it.key)
def test_secret_is_nowhere_to_be_read_once_it_is_saved(deps, simone, entry):
    secret = "Tr0ub4dor&3"
    opened = row(deps, simone, entry.key).was

    save_settings(
        deps, simone, {entry.key: SettingEdit(text=typed(entry, secret), was=opened)}
    )

    shown = row(deps, simone, entry.key)
    assert (shown.text, shown.is_set) == ("", True)
    told = settings.setting_history(deps, simone, entry.key)
    assert [(it.action, it.before, it.after) for it in told] == [
        ("replaced", None, None)
    ]
    with deps.unit_of_work() as work:
        stored = work.stored_settings.all()[entry.key].value
    for text in (repr(shown), repr(trail(deps)), stored):
        assert secret not in text
    with pytest.raises(ConflictError, match="Enter it again"):
        undo_setting_change(deps, simone, told[0].number)


@pytest.mark.parametrize("entry", SECRETS, ids=lambda it: it.key)
def test_secret_replaced_by_somebody_else_meanwhile_is_not_overwritten(
    deps, clock, simone, entry
):
    opened = row(deps, simone, entry.key).was
    save_settings(
        deps, simone, {entry.key: SettingEdit(text=typed(entry, "first"), was=opened)}
    )
    clock.advance(timedelta(minutes=1))

    with pytest.raises(SettingChangedError) as refused:
        save_settings(
            deps,
            simone,
            {entry.key: SettingEdit(text=typed(entry, "second"), was=opened)},
        )

    assert refused.value.changed[0].text == ""


@pytest.mark.parametrize("entry", SECRETS, ids=lambda it: it.key)
def test_empty_secret_forgets_the_one_there_is(deps, simone, entry):
    save_settings(deps, simone, {entry.key: SettingEdit(text=typed(entry, "x"))})

    assert save_settings(deps, simone, {entry.key: SettingEdit(text="")}).keys == (
        entry.key,
    )
    assert save_settings(deps, simone, {entry.key: SettingEdit(text="")}).keys == ()
    assert not row(deps, simone, entry.key).is_set


@pytest.mark.parametrize("entry", SECRETS, ids=lambda it: it.key)
def test_secret_tampered_with_counts_as_not_set_and_is_reported(
    deps, bank, simone, entry
):
    bank.set(entry, "test:AAAA")

    assert row(deps, simone, entry.key).broken.endswith("Enter it again.")
