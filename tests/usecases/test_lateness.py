"""A customer says that they are running late, near the start, and takes it back."""

import pytest

from invo_booking.domain.errors import ConflictError, LinkExpiredError
from invo_booking.settings.time import JOIN_BEFORE
from invo_booking.usecases.booking import joining, lateness, manage
from tests.support.bank import at
from tests.usecases.test_appointments import requested


@pytest.fixture
def token(bank):
    bank.agent("Ana")
    return requested(bank, at(12)).token


def test_being_late_is_told_from_an_hour_before_on(bank, token, clock):
    clock.now = at(10, 59)
    assert not manage.read_visit(bank.deps, token).can_report_late
    with pytest.raises(ConflictError, match="60 minutes before"):
        lateness.report_late(bank.deps, token)

    clock.now = at(11)
    assert manage.read_visit(bank.deps, token).can_report_late
    assert lateness.report_late(bank.deps, token).is_running_late


def test_early_doors_let_customers_tell_earlier(bank, token, clock):
    bank.set(JOIN_BEFORE, "90")
    clock.now = at(10, 30)

    assert lateness.report_late(bank.deps, token).is_running_late


def test_being_late_is_taken_back_and_both_are_noted_once(bank, token, clock):
    clock.now = at(11, 50)
    for _ in range(2):
        lateness.report_late(bank.deps, token)
    for _ in range(2):
        visit = lateness.withdraw_late_report(bank.deps, token)

    assert not visit.is_running_late
    with bank.deps.unit_of_work() as work:
        history = work.audit.history(str(visit.appointment.id))
    told = [it.action for it in history if it.action in {"running late", "in time"}]
    assert told == ["running late", "in time"]


def test_who_is_there_is_not_late_any_more(bank, token, clock):
    clock.now = at(12)
    joining.enter_room(bank.deps, token)

    assert not manage.read_visit(bank.deps, token).can_report_late
    with pytest.raises(LinkExpiredError):
        lateness.report_late(bank.deps, token)
