"""Visits at several branches: each has its own agents, capacity and clock."""

from dataclasses import replace
from datetime import date
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from invo_booking.domain.access.roles import Role
from invo_booking.domain.appointment import Channel
from invo_booking.domain.assignment import Mode
from invo_booking.domain.errors import (
    InvalidInputError,
    NotFoundError,
    SlotClosedError,
    SlotTakenError,
)
from invo_booking.domain.interval import Interval
from invo_booking.persistence.tables.core import AppointmentRow, PersonBranchRow
from invo_booking.usecases.admin import staffing
from invo_booking.usecases.admin.catalogue import branches, closures
from invo_booking.usecases.admin.effects import Disposition, UndecidedError
from invo_booking.usecases.appointment.drafts import AppointmentChange, AppointmentDraft
from invo_booking.usecases.booking import booking, manage
from invo_booking.usecases.slots.offers import ANY_BRANCH
from invo_booking.usecases.staff import appointments
from invo_booking.usecases.staff.calendar import BoardFilter, Scope, calendar_board
from tests.support.bank import at, branch_row, confirm
from tests.usecases.test_assigning import use
from tests.usecases.test_branches import DRAFT

DAY = Interval(at(0, days=1), at(24, days=1))
TUESDAY = date(2026, 11, 24)


@pytest.fixture
def denver(bank):
    """Another branch, one hour behind; its clock and agents are its own."""
    bank.offer_visits()
    branch_id = uuid4()
    with bank.deps.unit_of_work() as work:
        work.session.add(
            branch_row(
                branch_id,
                "Union Station",
                town="Denver",
                region="CO",
                postal_code="80202",
                time_zone="America/Denver",
            )
        )
        work.publish_roster_change()
    return branch_id


def works_only_at(bank, agent, branch_id):
    with bank.deps.unit_of_work() as work:
        work.session.add(PersonBranchRow(person_id=agent.id, branch_id=branch_id))
        work.publish_roster_change()


@pytest.fixture
def ana(bank, denver):
    """An agent in Chicago."""
    del denver
    ana = bank.agent("Ana")
    works_only_at(bank, ana, bank.branch_id)
    return bank.actor(ana.id)


@pytest.fixture
def dora(bank, denver):
    """An agent in Denver."""
    dora = bank.agent("Dora")
    works_only_at(bank, dora, denver)
    return bank.actor(dora.id)


def starts(bank, branch=None):
    found = booking.offer_slots(
        bank.deps, bank.answer_id, "en", DAY, branch=branch
    ).slots
    return {slot.start for slot in found}


def request(bank, start, branch=None, n=1):
    channel = Channel.BRANCH if branch else Channel.VIDEO
    wanted = bank.request(
        start, channel=channel, branch_id=branch, email=f"rosa{n}@example.com"
    )
    return booking.request_appointment(bank.deps, wanted, idempotency_key=f"{uuid4()}")


@pytest.mark.usefixtures("ana")
def test_a_visit_is_offered_only_where_somebody_works(bank, denver):
    assert at(10, days=1) in starts(bank, bank.branch_id)
    assert starts(bank, denver) == set()
    assert starts(bank) == starts(bank, bank.branch_id)
    with pytest.raises(SlotClosedError):
        request(bank, at(10, days=1), denver)


@pytest.mark.usefixtures("ana")
def test_who_names_no_branch_is_asked_for_one(bank):
    wanted = bank.request(at(10, days=1), channel=Channel.BRANCH)

    with pytest.raises(InvalidInputError) as refused:
        booking.request_appointment(bank.deps, wanted, idempotency_key="k" * 22)

    assert set(refused.value.fields) == {"branch"}


def anywhere(bank, agent=None):
    return booking.offer_slots(
        bank.deps, bank.answer_id, "en", DAY, agent, branch=ANY_BRANCH
    )


@pytest.mark.usefixtures("ana", "dora")
def test_any_branch_has_the_starts_of_all_branches_each_with_its_branch(bank, denver):
    request(bank, at(9, days=1), bank.branch_id)

    offer = anywhere(bank)
    places = dict(zip([it.start for it in offer.slots], offer.places, strict=True))

    assert set(places) == starts(bank, bank.branch_id) | starts(bank, denver)
    assert places[at(9, days=1)].id == denver, "the other branch is full"
    assert offer.time_zone == ZoneInfo("America/Denver")
    assert offer.branch is None
    assert all(start in starts(bank, it.id) for start, it in places.items())


@pytest.mark.usefixtures("ana", "dora")
def test_any_branch_is_the_one_with_the_most_free_agents(bank, denver):
    works_only_at(bank, bank.agent("Dave"), denver)

    assert {it.id for it in anywhere(bank).places} == {denver}

    for name in ("Abe", "Amy"):
        works_only_at(bank, bank.agent(name), bank.branch_id)

    assert anywhere(bank).places[0].id == bank.branch_id


@pytest.mark.usefixtures("denver")
def test_day_is_closed_at_any_branch_if_every_branch_is_closed(bank, denver):
    ada = bank.agent("Ada", roles=(Role.ADMINISTRATOR,), languages=())
    fair = {TUESDAY: "Fair"}
    bank.agent("Ben")

    closures.change_closed_days(bank.deps, ada, close=fair, branch_id=denver)

    assert anywhere(bank).closed_days == {}
    assert {it.id for it in anywhere(bank).places} == {bank.branch_id}

    closures.change_closed_days(bank.deps, ada, close=fair, branch_id=bank.branch_id)

    assert anywhere(bank).closed_days == {TUESDAY: "Closed for Fair"}
    assert anywhere(bank).holidays == {TUESDAY}


@pytest.mark.usefixtures("dora")
def test_chosen_agent_is_offered_at_the_branches_of_that_agent(bank, ana):
    use(bank, Mode.CHOSEN)

    assert {it.id for it in anywhere(bank, ana.id).places} == {bank.branch_id}
    with pytest.raises(InvalidInputError):
        anywhere(bank, uuid4())


@pytest.mark.usefixtures("ana", "dora")
def test_a_waiting_visit_takes_an_agent_of_its_branch_and_of_no_other(bank, denver):
    start = at(10, days=1)
    waiting = request(bank, start, denver)
    assert waiting.appointment.agent_id is None

    assert start not in starts(bank, denver)
    assert start in starts(bank, bank.branch_id)
    request(bank, start, n=2)  # a call, which leaves the agent in Denver alone

    assert start not in starts(bank, bank.branch_id)
    with pytest.raises(SlotTakenError):
        request(bank, start, bank.branch_id, n=3)


def test_staff_give_a_visit_only_to_who_works_there(bank, denver, ana, dora):
    max_ = bank.manager("Max", languages=())
    booked = request(bank, at(10, days=1), denver)
    confirm(bank.deps, booked.token)
    made = booked.appointment

    with pytest.raises(InvalidInputError) as refused:
        appointments.assign_appointment(bank.deps, max_, made.id, ana.id)
    with pytest.raises(NotFoundError):
        appointments.take_appointment(bank.deps, ana, made.id)

    assert refused.value.fields == {"agent": "Ana does not work at Union Station."}
    given = appointments.assign_appointment(bank.deps, max_, made.id, dora.id)
    assert given.agent_id == dora.id


def test_a_call_that_becomes_a_visit_needs_an_agent_of_that_branch(bank, denver, ana):
    max_ = bank.manager("Max", languages=())
    draft = AppointmentDraft(
        queue_id=bank.queue_id,
        language="en",
        channel=Channel.VIDEO,
        starts_at=at(10, days=1),
        ends_at=at(10, 30, days=1),
        agent_id=ana.id,
        name="Rosa Delgado",
        email="rosa@example.com",
    )
    made = appointments.create_appointment(bank.deps, max_, draft)
    there = AppointmentChange(channel=Channel.BRANCH, branch_id=denver)

    with pytest.raises(InvalidInputError) as refused:
        appointments.change_appointment(bank.deps, max_, made.id, there)

    assert refused.value.fields == {"agent": "Ana does not work at Union Station."}


@pytest.mark.usefixtures("dora")
def test_a_customer_who_moves_a_visit_stays_at_the_branch(bank, denver):
    bank.agent("Ben")
    booked = request(bank, at(10, days=1), denver)
    confirm(bank.deps, booked.token)

    moved = manage.reschedule_by_link(bank.deps, booked.token, at(11, days=1))

    assert moved.appointment.branch_id == denver
    assert moved.branch.name == "Union Station"


@pytest.mark.usefixtures("dora")
def test_a_visit_is_agreed_on_the_clock_of_its_branch(bank, denver):
    made = request(bank, at(10, days=1), denver).appointment

    with bank.deps.unit_of_work() as work:
        row = work.session.get(AppointmentRow, made.id)
        assert (row.wall_time[-5:], row.wall_zone) == ("09:00", "America/Denver")


def test_a_person_taken_from_a_branch_shows_whom_that_concerns(bank, denver, dora):
    ada = bank.agent("Ada", roles=(Role.ADMINISTRATOR,), languages=())
    max_ = bank.manager("Max", languages=())
    draft = AppointmentDraft(
        queue_id=bank.queue_id,
        language="en",
        channel=Channel.BRANCH,
        branch_id=denver,
        starts_at=at(10, days=1),
        ends_at=at(10, 30, days=1),
        agent_id=dora.id,
        name="Rosa Delgado",
        email="rosa@example.com",
    )
    made = appointments.create_appointment(bank.deps, max_, draft)
    file = staffing.person_file(bank.deps, ada, dora.id)
    moved = replace(file.draft, branches=frozenset({bank.branch_id}))

    with pytest.raises(UndecidedError) as shown:
        staffing.save_person(bank.deps, ada, dora.id, moved, version=1)
    (one,) = shown.value.affected
    assert one.why == "Dora does not work at Union Station."
    staffing.save_person(
        bank.deps,
        ada,
        dora.id,
        moved,
        version=1,
        dispositions={made.id: Disposition.KEEP},
    )

    with bank.deps.unit_of_work() as work:
        assert work.roster.people[dora.id].branches == {bank.branch_id}
        assert work.appointments.get(made.id).agent_id is None


def test_a_new_branch_is_open_at_once_and_for_everybody_without_a_choice(bank):
    bank.offer_visits()
    bank.agent("Ben")
    ada = bank.agent("Ada", roles=(Role.ADMINISTRATOR,), languages=())
    draft = replace(DRAFT, name="Pier")

    made = branches.create_branch(bank.deps, ada, draft, key="k" * 22)
    again = branches.create_branch(bank.deps, ada, draft, key="k" * 22)

    assert made.id == again.id
    assert at(10, days=1) in starts(bank, made.id)
    with pytest.raises(InvalidInputError, match="already"):
        branches.create_branch(bank.deps, ada, draft)


@pytest.mark.usefixtures("dora")
def test_a_branch_at_which_alone_somebody_works_stays_open(bank, denver):
    ada = bank.agent("Ada", roles=(Role.ADMINISTRATOR,), languages=())
    (managed,) = (
        it
        for it in branches.branches_overview(bank.deps, ada).branches
        if it.branch.id == denver
    )
    off = replace(DRAFT, name="Union Station", active=False)

    with pytest.raises(InvalidInputError) as refused:
        branches.change_branch(bank.deps, ada, denver, off, version=1)

    assert [one.name for one in managed.people][:1] == ["Dora"]
    assert "1 person (“Dora”)" in refused.value.fields["active"]


@pytest.mark.usefixtures("ana", "dora")
def test_staff_may_look_at_the_visits_of_one_branch(bank, denver):
    max_ = bank.manager("Max", languages=())
    there = request(bank, at(10, days=1), denver).appointment
    request(bank, at(11, days=1), bank.branch_id, n=2)
    request(bank, at(12, days=1), n=3)

    def shown(*branch_ids):
        filtered = BoardFilter(branch_ids=frozenset(branch_ids))
        board = calendar_board(bank.deps, max_, Scope.TEAM, DAY, filtered)
        return {event.id for event in board.events}

    assert shown(denver) == {there.id}
    assert len(shown(denver, bank.branch_id)) == 2
    assert len(shown()) == 3
