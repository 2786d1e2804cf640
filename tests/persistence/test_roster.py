import pytest

from invo_booking.persistence.roster import bump
from invo_booking.settings.general import PUBLIC_SCHEDULING


def is_on(deps):
    with deps.unit_of_work() as work:
        return work.settings[PUBLIC_SCHEDULING]


def change(work, clock, text):
    work.stored_settings.put(PUBLIC_SCHEDULING.key, text, "test", clock())
    work.roster_changed()
    return work.settings[PUBLIC_SCHEDULING]


def test_change_is_seen_inside_its_transaction_and_after_it(bank, clock):
    with bank.deps.unit_of_work() as work:
        assert change(work, clock, "off") is False

    assert is_on(bank.deps) is False


class UndoneError(Exception):
    pass


def change_in_vain(bank, clock):
    with bank.deps.unit_of_work() as work:
        assert change(work, clock, "off") is False
        raise UndoneError


def test_change_that_was_rolled_back_is_never_seen_by_others(bank, clock):
    with pytest.raises(UndoneError):
        change_in_vain(bank, clock)
    with bank.deps.unit_of_work() as work:  # takes the number the other one had
        bump(work.session)

    assert is_on(bank.deps) is True
