"""People who work at several branches: each period of their hours may name one."""

from dataclasses import replace
from datetime import date, time, timedelta
from uuid import uuid4

import pytest

from invo_booking.domain.access.roles import Role
from invo_booking.domain.appointment import Channel
from invo_booking.domain.errors import InvalidInputError, SlotTakenError
from invo_booking.domain.interval import Interval
from invo_booking.usecases.admin import staffing
from invo_booking.usecases.admin.effects import UndecidedError
from invo_booking.usecases.appointment.drafts import AppointmentDraft
from invo_booking.usecases.booking import booking
from invo_booking.usecases.staff import appointments
from tests.support.bank import at, branch_row

TUESDAY = Interval(at(0, days=1), at(24, days=1))
HALF_HOUR = timedelta(minutes=30)


@pytest.fixture
def ada(bank):
    bank.offer_visits()
    return bank.agent("Ada", roles=(Role.ADMINISTRATOR,), languages=())


@pytest.fixture
def oak_park(bank, ada):
    assert ada
    branch_id = uuid4()
    with bank.deps.unit_of_work() as work:
        work.session.add(branch_row(branch_id, "Oak Park"))
        work.publish_roster_change()
    return branch_id


@pytest.fixture
def ana(bank, ada, oak_park):
    """In the morning at the main branch, in the afternoon at the other one."""
    ana = bank.agent("Ana")
    works(bank, ada, ana, two_branches(bank, oak_park))
    return ana


def two_branches(bank, oak_park, noon=12):
    return tuple(
        period
        for day in range(5)
        for period in (
            (day, time(9), time(noon), bank.branch_id),
            (day, time(noon), time(17), oak_park),
        )
    )


def works(bank, ada, person, week, **more):
    file = staffing.person_file(bank.deps, ada, person.id)
    draft = replace(file.draft, week=week, **more)
    return staffing.save_person(
        bank.deps, ada, person.id, draft, version=file.person.version
    )


def offered(bank, branch=None):
    found = booking.offer_slots(
        bank.deps, bank.answer_id, "en", TUESDAY, branch=branch
    ).slots
    return {slot.start for slot in found}


def book(bank, start, agent=None, branch=None, n=1):
    draft = AppointmentDraft(
        answer_id=bank.answer_id,
        queue_id=bank.queue_id,
        language="en",
        channel=Channel.BRANCH if branch else Channel.VIDEO,
        branch_id=branch,
        starts_at=start,
        ends_at=start + HALF_HOUR,
        agent_id=agent.id if agent else None,
        name="Rosa Delgado",
        email=f"rosa{n}@example.com",
    )
    return appointments.create_appointment(
        bank.deps, bank.manager(f"Max{n}", languages=()), draft
    )


@pytest.mark.usefixtures("ana")
def test_visits_are_offered_where_somebody_is_and_calls_all_day(bank, oak_park):
    here, there, calls = (
        offered(bank, bank.branch_id),
        offered(bank, oak_park),
        offered(bank),
    )

    assert (min(here), max(here)) == (at(9, days=1), at(11, 30, days=1))
    assert (min(there), max(there)) == (at(12, days=1), at(16, 30, days=1))
    assert at(11, 45, days=1) in calls  # while the agent changes places
    assert here | there < calls


def test_staff_are_told_where_somebody_is(bank, ana, oak_park):
    with pytest.raises(SlotTakenError, match="Ana: Works at another branch then"):
        book(bank, at(10, days=1), ana, oak_park)

    assert book(bank, at(10, days=1), ana, bank.branch_id, n=2).agent_id == ana.id
    assert book(bank, at(14, days=1), ana, n=3).agent_id == ana.id


def test_unassigned_visits_take_the_time_at_their_branch_alone(bank, ana, oak_park):
    assert ana
    book(bank, at(10, days=1), branch=bank.branch_id)

    assert at(10, days=1) not in offered(bank, bank.branch_id)
    assert at(10, days=1) not in offered(bank)
    assert at(14, days=1) in offered(bank, oak_park)
    assert at(14, days=1) in offered(bank)


def test_an_exception_names_a_branch_too(bank, ada, ana, oak_park):
    day = (date(2026, 11, 24), ((time(9), time(17), oak_park),))
    works(bank, ada, ana, two_branches(bank, oak_park), exceptions=(day,))

    assert offered(bank, bank.branch_id) == set()
    assert at(9, days=1) in offered(bank, oak_park)
    kept = staffing.person_file(bank.deps, ada, ana.id).draft
    assert kept.exceptions == (day,)
    assert kept.week == two_branches(bank, oak_park)


def test_visits_are_shown_before_somebody_works_elsewhere(bank, ada, ana, oak_park):
    held = book(bank, at(11, days=1), ana, bank.branch_id)
    book(bank, at(10, days=1), ana, n=2)

    with pytest.raises(UndecidedError) as concerned:
        works(bank, ada, ana, two_branches(bank, oak_park, noon=10))

    assert [it.id for it in concerned.value.affected] == [held.id]
    assert concerned.value.affected[0].why == "Ana does not work then."


def test_nobody_is_at_two_branches_at_once(bank, ada, ana, oak_park):
    both = (
        (0, time(9), time(12), bank.branch_id),
        (0, time(11), time(17), oak_park),
    )

    with pytest.raises(InvalidInputError) as refused:
        works(bank, ada, ana, both)

    sentence = "Monday: periods at different branches overlap."
    assert refused.value.fields == {"hours": sentence}


@pytest.mark.parametrize("is_elsewhere", [False, True])
def test_periods_name_branches_of_the_person(bank, ada, ana, oak_park, is_elsewhere):
    wrong = uuid4() if is_elsewhere else oak_park
    only = frozenset({bank.branch_id})

    with pytest.raises(InvalidInputError) as refused:
        works(bank, ada, ana, ((0, time(9), time(12), wrong),), branches=only)

    assert set(refused.value.fields) == {"hours"}


def test_history_names_the_branches(bank, ada, ana, oak_park):
    assert oak_park
    with bank.deps.unit_of_work() as work:
        entry = work.audit.history(str(ana.id))[-1]

    assert ada
    assert entry.detail["after"]["hours"]["Monday"] == (
        "09:00-12:00 at Main branch, 12:00-17:00 at Oak Park"
    )
