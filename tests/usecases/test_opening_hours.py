"""Opening hours of institution, branch and queue bound what is booked."""

from dataclasses import replace
from datetime import time, timedelta
from uuid import uuid4

import pytest

from invo_booking.domain.access.roles import Role
from invo_booking.domain.appointment import Channel
from invo_booking.domain.errors import InvalidInputError, SlotClosedError
from invo_booking.domain.interval import Interval
from invo_booking.persistence.tables.core import (
    BranchRow,
    InstitutionRow,
    QueueRow,
)
from invo_booking.usecases.admin import institution, staffing
from invo_booking.usecases.admin.catalogue import branches, queues
from invo_booking.usecases.admin.catalogue.queues import QueueDraft
from invo_booking.usecases.admin.effects import Disposition, UndecidedError
from invo_booking.usecases.admin.institution import InstitutionDraft
from invo_booking.usecases.admin.staff_drafts import PersonDraft
from invo_booking.usecases.appointment.drafts import AppointmentChange
from invo_booking.usecases.booking import booking
from invo_booking.usecases.slots import why
from invo_booking.usecases.staff import appointments
from tests.support.accounts import with_password_given
from tests.support.bank import at, branch_row
from tests.support.drafts import staff_draft
from tests.usecases.test_branches import DRAFT

TUESDAY = Interval(at(0, days=1), at(24, days=1))
HALF_HOUR = timedelta(minutes=30)
MORNING = tuple((day, time(9), time(12)) for day in range(5))
DETAILS = InstitutionDraft(
    name="Test Bank",
    phone="312 555 0142",
    time_zone="America/Chicago",
    country="US",
)


def opens(bank, kind, *periods):
    """Give the institution, the queue or the branch hours, as they are stored."""
    keys = {
        InstitutionRow: 1,
        QueueRow: bank.queue_id,
        BranchRow: bank.branch_id,
    }
    with bank.deps.unit_of_work() as work:
        row = work.session.get(kind, keys[kind])
        row.opening_hours = [f"{day} {it}" for day in range(5) for it in periods]
        work.session.add(row)
        work.publish_roster_change()


@pytest.fixture
def ada(bank):
    """An administrator of a bank with one agent, who works from 9 to 17."""
    bank.offer_visits()
    bank.agent("Ana")
    return bank.agent("Ada", roles=(Role.ADMINISTRATOR,), languages=())


def offered(bank, branch=None):
    return {
        slot.start
        for slot in booking.offer_slots(
            bank.deps, bank.answer_id, "en", TUESDAY, branch=branch
        ).slots
    }


def book(bank, start, **more):
    draft = staff_draft(bank, start)
    by = bank.manager(f"M{uuid4().hex[:6]}")
    return appointments.create_appointment(bank.deps, by, replace(draft, **more))


@pytest.mark.usefixtures("ada")
@pytest.mark.parametrize("kind", [InstitutionRow, QueueRow])
def test_customers_book_within_the_hours(bank, kind):
    opens(bank, kind, "09:00-10:30", "14:00-15:00")

    assert min(offered(bank)) == at(9, days=1)
    assert max(offered(bank)) == at(14, 30, days=1)
    assert at(10, days=1) in offered(bank)
    assert at(10, 15, days=1) not in offered(bank)
    wanted = bank.request(at(11, days=1))
    with pytest.raises(SlotClosedError) as refused:
        booking.request_appointment(bank.deps, wanted, idempotency_key="k" * 22)
    assert refused.value.reason == "closed_hours"
    assert str(refused.value) == "We are not open at this time."


@pytest.mark.usefixtures("ada")
def test_hours_of_all_three_apply_at_once(bank):
    opens(bank, InstitutionRow, "09:00-16:00")
    opens(bank, QueueRow, "10:00-17:00")
    opens(bank, BranchRow, "08:00-11:00")

    assert (min(offered(bank)), max(offered(bank))) == (
        at(10, days=1),
        at(15, 30, days=1),
    )
    there = offered(bank, bank.branch_id)
    assert (min(there), max(there)) == (at(10, days=1), at(10, 30, days=1))


@pytest.mark.usefixtures("ada")
def test_visits_have_the_hours_on_the_clock_of_their_branch(bank):
    denver = uuid4()
    with bank.deps.unit_of_work() as work:
        work.session.add(branch_row(denver, "Denver", time_zone="America/Denver"))
        work.publish_roster_change()
    opens(bank, InstitutionRow, "09:00-12:00")

    assert max(offered(bank, bank.branch_id)) == at(11, 30, days=1)
    there = offered(bank, denver)
    assert (min(there), max(there)) == (at(10, days=1), at(12, 30, days=1))


@pytest.mark.usefixtures("ada")
def test_day_without_hours_says_so(bank):
    with bank.deps.unit_of_work() as work:
        row = work.session.get(InstitutionRow, 1)
        row.opening_hours = ["0 09:00-17:00"]
        work.session.add(row)
        work.publish_roster_change()

    offer = booking.offer_slots(bank.deps, bank.answer_id, "en", TUESDAY)

    assert set(offer.closed_days.values()) == {"Not open on this weekday"}


def test_staff_are_bound_like_by_weekends_and_told_the_hours(bank, ada):
    opens(bank, QueueRow, "09:00-12:00")

    with pytest.raises(SlotClosedError) as refused:
        book(bank, at(13, days=1))

    assert str(refused.value) == (
        "Outside the opening hours, which are 09:00-12:00 that day."
    )
    held = book(bank, at(10, days=1))
    max_ = bank.manager()
    later = AppointmentChange(starts_at=at(15, days=1))
    with pytest.raises(SlotClosedError):
        appointments.change_appointment(bank.deps, max_, held.id, later)
    topic = why.JudgedTopic(bank.answer_id, "en")
    judged = why.judge_start(bank.deps, ada, topic, at(13, days=1))
    assert [str(it.rule) for it in judged.reasons] == ["closed_hours"]
    assert judged.reasons[0].detail == "09:00-12:00"


def test_appointments_outside_new_hours_are_shown_first(bank, ada):
    held = book(bank, at(15, days=1))
    book(bank, at(10, days=1), email="tom@example.com")
    version = institution.managed_institution(bank.deps, ada).version
    draft = replace(DETAILS, opening_hours=MORNING)

    with pytest.raises(UndecidedError) as concerned:
        institution.change_institution(bank.deps, ada, draft, version=version)
    (shown,) = concerned.value.affected
    assert (shown.id, shown.why) == (held.id, "It is outside the opening hours.")
    assert shown.instead == "Nobody else can take it then; it stays as it is."
    changed = institution.change_institution(
        bank.deps,
        ada,
        draft,
        version=version,
        dispositions={held.id: Disposition.REASSIGN},
    )

    assert len(changed.institution.opening_hours) == 5
    with bank.deps.unit_of_work() as work:
        assert work.appointments.get(held.id).period == held.period
        detail = work.audit.history("1")[-1].detail
    assert detail["after"]["opening_hours"]["Monday"] == "09:00-12:00"


def test_a_queue_and_a_branch_show_appointments_outside_their_hours(bank, ada):
    held = book(bank, at(15, days=1), channel=Channel.BRANCH)
    queue = QueueDraft(name="Lending", opening_hours=MORNING)
    branch = replace(DRAFT, opening_hours=MORNING)

    with pytest.raises(UndecidedError) as of_queue:
        queues.change_queue(bank.deps, ada, bank.queue_id, queue, version=1)
    with pytest.raises(UndecidedError) as of_branch:
        branches.change_branch(bank.deps, ada, bank.branch_id, branch, version=1)

    assert [it.id for it in of_queue.value.affected] == [held.id]
    assert [it.id for it in of_branch.value.affected] == [held.id]
    keep = {held.id: Disposition.KEEP}
    queues.change_queue(
        bank.deps, ada, bank.queue_id, queue, version=1, dispositions=keep
    )
    branches.change_branch(
        bank.deps, ada, bank.branch_id, branch, version=1, dispositions=keep
    )
    with bank.deps.unit_of_work() as work:
        assert work.roster.queues[bank.queue_id].opening_hours[0] == (
            0,
            ((time(9), time(12)),),
        )
        assert len(work.roster.branches[bank.branch_id].opening_hours) == 5


def test_hours_that_make_no_sense_are_refused(bank, ada):
    draft = QueueDraft(name="Lending", opening_hours=((0, time(9), time(9)),))

    with pytest.raises(InvalidInputError) as refused:
        queues.change_queue(bank.deps, ada, bank.queue_id, draft, version=1)

    assert set(refused.value.fields) == {"hours"}


def test_new_people_start_with_the_hours_of_their_branch(bank, ada):
    second = uuid4()
    with bank.deps.unit_of_work() as work:
        work.session.add(branch_row(second, "Oak Park"))
        work.publish_roster_change()
    opens(bank, InstitutionRow, "08:00-18:00")
    opens(bank, BranchRow, "09:00-12:00")

    def start(*chosen):
        week = staffing.open_week(bank.deps, ada, chosen)
        return week[0][1:] if week else None

    assert start(bank.branch_id) == (time(9), time(12))
    assert start(second) == (time(8), time(18))
    assert start() == start(second, bank.branch_id) == (time(8), time(18))


def test_person_made_without_hours_works_when_their_branch_is_open(bank, ada):
    opens(bank, BranchRow, "09:00-12:00")
    draft = PersonDraft(
        name="New One",
        email="new@bank.example",
        time_zone="America/Chicago",
        roles=frozenset({Role.AGENT}),
        queues=frozenset({bank.queue_id}),
        languages=frozenset({"en"}),
        branches=frozenset({bank.branch_id}),
    )
    made = staffing.create_person(
        bank.deps, with_password_given(ada), draft, works_when_open=True
    )

    week = staffing.person_file(bank.deps, ada, made.person_id).draft.week
    assert week == MORNING
