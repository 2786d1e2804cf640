"""Administrators who change people at the same moment, on a real database."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import replace
from threading import Barrier

import pytest
from sqlmodel import Session

from invo_booking.domain.access.roles import Role
from invo_booking.domain.errors import ConflictError, InvalidInputError, InvoError
from invo_booking.persistence.accounts.staffing import Staffing
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.usecases.admin import staffing
from invo_booking.usecases.admin.effects import Disposition
from invo_booking.usecases.shared.deps import Deps
from tests.concurrency.racing import PATIENCE, race, refusals, winners, working_with
from tests.concurrency.test_people_race import create, request
from tests.support.accounts import with_password_given
from tests.support.bank import at
from tests.support.invariants import check


@contextmanager
def without_the_lock(deps: Deps, contenders: int) -> Generator[Deps]:
    """Yield parts that do not lock the roster and wait between check and write."""
    line = Barrier(contenders, timeout=PATIENCE)

    def wait(work: UnitOfWork, session: Session) -> None:
        work.staffing = _Waiting(session, line)

    with working_with(deps, _Lockless, wait) as parts:
        yield parts


class _Lockless(UnitOfWork):
    def lock_roster(self) -> None:
        """Lock nothing."""


class _Waiting(Staffing):
    def __init__(self, session: Session, line: Barrier) -> None:
        super().__init__(session)
        self._line = line

    def save(self, person, absences) -> bool:
        self._line.wait()
        return super().save(person, absences)


@pytest.fixture
def roots(bank):
    return [
        with_password_given(bank.agent(name, roles=(Role.SUPER_ADMIN,), languages=()))
        for name in ("Ruth", "Rob")
    ]


def demote(deps, by, person):
    held = staffing.person_file(deps, by, person.id)
    wanted = replace(held.draft, roles=frozenset({Role.MANAGER}))
    return staffing.save_person(
        deps, by, person.id, wanted, version=held.person.version
    )


def reigning(bank):
    with bank.deps.unit_of_work() as work:
        people = work.roster.people.values()
        return [it for it in people if it.active and Role.SUPER_ADMIN in it.roles]


def test_two_super_admins_who_demote_each_other_leave_one(bank, roots):
    ruth, rob = roots

    outcomes = race(
        lambda: demote(bank.deps, ruth, rob), lambda: demote(bank.deps, rob, ruth)
    )

    assert len(winners(outcomes)) == 1
    assert len(reigning(bank)) == 1


def test_two_super_admins_who_step_down_at_once_leave_one(bank, roots):
    ruth, rob = roots

    outcomes = race(
        lambda: demote(bank.deps, ruth, ruth), lambda: demote(bank.deps, rob, rob)
    )

    assert len(winners(outcomes)) == 1
    assert refusals(outcomes) == {InvalidInputError}
    assert len(reigning(bank)) == 1


def test_without_the_lock_both_step_down_and_nobody_is_left(bank, roots):
    ruth, rob = roots

    with without_the_lock(bank.deps, 2) as unsafe:
        outcomes = race(
            lambda: demote(unsafe, ruth, ruth), lambda: demote(unsafe, rob, rob)
        )

    assert len(winners(outcomes)) == 2
    assert reigning(bank) == []


def test_of_two_administrators_with_the_same_picture_one_is_told(bank, roots):
    ruth, rob = roots
    ana = bank.agent("Ana")
    held = staffing.person_file(bank.deps, ruth, ana.id)

    def rename(by, name):
        return staffing.save_person(
            bank.deps,
            by,
            ana.id,
            replace(held.draft, name=name),
            version=held.person.version,
        )

    outcomes = race(lambda: rename(ruth, "Ana One"), lambda: rename(rob, "Ana Two"))

    (saved,) = winners(outcomes)
    assert refusals(outcomes) == {ConflictError}
    assert staffing.person_file(bank.deps, ruth, ana.id) == saved


def test_a_booking_and_a_disabling_at_once_leave_no_appointment_unasked(
    bank, roots, database_url
):
    """Whichever is first, the other one knows of it."""
    ruth = roots[0]
    ana, ben = bank.agent("Ana"), bank.agent("Ben")
    for hour in range(9, 13):
        create(bank.deps, bank, ruth, at(hour), at(hour, 30), ben)
        held = staffing.person_file(bank.deps, ruth, ana.id)

        booked, saved = race(
            lambda hour=hour: create(
                bank.deps, bank, ruth, at(hour), at(hour, 30), ana
            ),
            lambda held=held: staffing.set_person_active(
                bank.deps, ruth, ana.id, active=False, version=held.person.version
            ),
        )

        assert isinstance(booked, InvoError) != isinstance(saved, InvoError)
        back = staffing.person_file(bank.deps, ruth, ana.id)
        if not back.person.active:
            staffing.set_person_active(
                bank.deps, ruth, ana.id, active=True, version=back.person.version
            )
            create(bank.deps, bank, ruth, at(hour), at(hour, 30), ana)
    check(database_url)


def test_handing_over_and_a_customer_who_books_do_not_get_the_same_colleague(
    bank, roots, database_url
):
    ruth = roots[0]
    ana = bank.agent("Ana")
    bank.agent("Ben")
    for hour in range(9, 13):
        held = create(bank.deps, bank, ruth, at(hour), at(hour, 30), ana)
        was = staffing.person_file(bank.deps, ruth, ana.id)
        day = at(0).date()

        race(
            lambda hour=hour: request(bank.deps, bank, at(hour)),
            lambda held=held, was=was, day=day: staffing.save_person(
                bank.deps,
                ruth,
                ana.id,
                replace(was.draft, exceptions=((day, ()),)),
                version=was.person.version,
                dispositions=dict.fromkeys([held.id], Disposition.REASSIGN),
            ),
        )

        check(database_url)
        now = staffing.person_file(bank.deps, ruth, ana.id)
        staffing.save_person(
            bank.deps,
            ruth,
            ana.id,
            replace(now.draft, exceptions=()),
            version=now.person.version,
        )
