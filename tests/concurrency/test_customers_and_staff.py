"""What a customer means is done though staff or the clock were faster by a moment."""

from uuid import uuid4

import pytest

from invo_booking.domain.appointment import CancelledBy, Status
from invo_booking.domain.errors import (
    ConflictError,
    LinkExpiredError,
    OvertakenError,
)
from invo_booking.usecases.appointment.drafts import AppointmentChange
from invo_booking.usecases.booking import booking, joining, lateness, manage, repeating
from invo_booking.usecases.staff import appointments
from invo_booking.usecases.upkeep import periodic
from tests.concurrency.racing import overtaken, race
from tests.support.bank import at, confirm, proof_of
from tests.support.invariants import check


@pytest.fixture
def max_(bank):
    bank.agent("Ana")
    return bank.manager("Max", languages=())


@pytest.fixture
def booked(bank, max_):
    assert max_
    wanted = bank.request(at(11))
    return booking.request_appointment(bank.deps, wanted, idempotency_key=uuid4().hex)


def stored(bank, booked):
    return manage.read_visit(bank.deps, booked.token).appointment


def edit(bank, by, booked, **more):
    """Return what changes something meanwhile."""
    change = AppointmentChange(**(more or {"notes": "She calls back"}))
    return lambda: appointments.change_appointment(
        bank.deps, by, booked.appointment.id, change
    )


STEPS = [
    (manage.cancel_by_link, Status.CANCELLED),
    (manage.confirm_by_link, Status.CONFIRMED),
]


@pytest.mark.parametrize(("step", "status"), STEPS)
def test_step_of_a_customer_that_meets_an_edit_is_made(
    bank, max_, booked, database_url, step, status
):
    link = proof_of(bank.deps, booked.token)

    with overtaken(bank.deps, edit(bank, max_, booked)) as deps:
        seen = step(deps, link).appointment

    assert (seen.status, seen.notes) == (status, "She calls back")
    check(database_url)


@pytest.mark.parametrize("step", [manage.cancel_by_link, manage.confirm_by_link])
def test_without_repeating_the_customer_reads_of_a_conflict(
    bank, max_, booked, step, monkeypatch
):
    monkeypatch.setattr(repeating, "TRIES", 1)
    link = proof_of(bank.deps, booked.token)

    with (
        overtaken(bank.deps, edit(bank, max_, booked)) as deps,
        pytest.raises(OvertakenError),
    ):
        step(deps, link)


def test_customer_moves_what_staff_have_just_edited(bank, max_, booked):
    with overtaken(bank.deps, edit(bank, max_, booked)) as deps:
        manage.reschedule_by_link(deps, booked.token, at(14))

    assert stored(bank, booked).starts_at == at(14)
    assert stored(bank, booked).notes == "She calls back"


def test_customer_who_is_late_or_there_while_staff_edit_is_heard(
    bank, max_, booked, clock
):
    confirm(bank.deps, booked.token)
    clock.now = at(10, 30)
    with overtaken(bank.deps, edit(bank, max_, booked)) as deps:
        lateness.report_late(deps, booked.token)
    clock.now = at(11)
    with overtaken(bank.deps, edit(bank, max_, booked, notes="Again")) as deps:
        joining.enter_room(deps, booked.token)

    assert stored(bank, booked).running_late_at
    assert stored(bank, booked).joined_at


def test_confirming_what_has_just_expired_says_that_it_has(bank, booked, clock):
    link = proof_of(bank.deps, booked.token)

    def expire():
        clock.now = booked.confirm_by
        periodic.expire_unconfirmed(bank.deps)

    with (
        overtaken(bank.deps, expire) as deps,
        pytest.raises(LinkExpiredError, match="not confirmed in time"),
    ):
        manage.confirm_by_link(deps, link)


def test_confirming_a_time_that_staff_have_just_moved_is_asked_anew(bank, max_, booked):
    link = proof_of(bank.deps, booked.token)

    with (
        overtaken(bank.deps, edit(bank, max_, booked, starts_at=at(14))) as deps,
        pytest.raises(ConflictError, match="just moved"),
    ):
        manage.confirm_by_link(deps, link)

    assert stored(bank, booked).status is Status.REQUESTED
    assert manage.confirm_by_link(bank.deps, link).appointment.starts_at == at(14)


def test_cancelling_what_staff_have_just_cancelled_shows_it_cancelled(
    bank, max_, booked
):
    def cancel():
        appointments.cancel_appointment(bank.deps, max_, booked.appointment.id, "Snow")

    with overtaken(bank.deps, cancel) as deps:
        seen = manage.cancel_by_link(deps, booked.token).appointment

    assert (seen.status, seen.cancelled_by) == (Status.CANCELLED, CancelledBy.STAFF)


def test_customers_and_staff_at_once_leave_nobody_with_a_conflict(
    bank, max_, database_url
):
    for hour in (9, 11, 13, 15):
        wanted = bank.request(at(hour, days=1), email=f"{uuid4().hex}@example.com")
        made = booking.request_appointment(
            bank.deps, wanted, idempotency_key=uuid4().hex
        )
        link = proof_of(bank.deps, made.token)

        outcomes = race(
            lambda link=link: manage.confirm_by_link(bank.deps, link),
            lambda link=link: manage.cancel_by_link(bank.deps, link),
            edit(bank, max_, made),
        )

        assert not any(isinstance(it, ConflictError) for it in outcomes[1:2])
        assert stored(bank, made).status is Status.CANCELLED
    check(database_url)


def test_who_comes_too_late_to_assign_reads_to_whom_it_went(bank, max_, booked):
    ben, mia = bank.agent("Ben"), bank.manager("Mia", languages=())
    seen = booked.appointment.version
    appointments.assign_appointment(bank.deps, mia, booked.appointment.id, ben.id)

    with pytest.raises(ConflictError, match="Mia gave it to Ben"):
        appointments.assign_appointment(
            bank.deps, max_, booked.appointment.id, max_.id, version=seen
        )


def test_who_comes_too_late_to_take_reads_to_whom_it_went(bank, booked):
    ben, cleo = bank.agent("Ben"), bank.agent("Cleo")
    appointments.take_appointment(bank.deps, ben, booked.appointment.id)

    with pytest.raises(ConflictError, match="Ben took it"):
        appointments.take_appointment(bank.deps, cleo, booked.appointment.id)
