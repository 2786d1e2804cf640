"""What changes of people and hours mean for appointments already made."""

from dataclasses import replace
from datetime import UTC, date, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from invo_booking.domain.absence import Absence
from invo_booking.domain.access.roles import Role
from invo_booking.usecases.admin import effects, people, staffing
from invo_booking.usecases.admin.effects import (
    Disposition,
    RosterSnapshot,
    UndecidedError,
)
from invo_booking.usecases.staff import appointments, calendar
from tests.support.bank import at
from tests.support.drafts import staff_draft
from tests.support.invariants import check

HALF_HOUR = timedelta(minutes=30)
MONDAY = date(2026, 11, 23)


@pytest.fixture
def ada(bank):
    return bank.agent("Ada", roles=(Role.ADMINISTRATOR,), languages=())


@pytest.fixture
def max_(bank):
    return bank.agent("Max", roles=(Role.MANAGER,), languages=())


def book(bank, by, start, agent=None, customer="rosa", **more):
    draft = staff_draft(
        bank,
        start,
        email=f"{customer}@example.com",
        agent_id=agent.id if agent else None,
        **more,
    )
    return appointments.create_appointment(bank.deps, by, draft)


def change(bank, by, person, dispositions=staffing.NOTHING_DECIDED, **more):
    held = staffing.person_file(bank.deps, by, person.id)
    return staffing.save_person(
        bank.deps,
        by,
        person.id,
        replace(held.draft, **more),
        version=held.person.version,
        dispositions=dispositions,
    )


def concerned(bank, by, person, **more):
    with pytest.raises(UndecidedError) as asked:
        change(bank, by, person, **more)
    return asked.value.affected


def stored(bank, appointment):
    with bank.deps.unit_of_work() as work:
        return work.appointments.get(appointment.id)


CHANGES = {
    "does not work then": {"week": ((0, time(13), time(17)),)},
    "is off that day": {"exceptions": ((MONDAY, ()),)},
    "is away then": {"absences": (Absence(at(0), at(20)),)},
    "does not serve Lending": {"queues": frozenset()},
    "does not speak English": {"languages": frozenset({"es"})},
    "does not work here any more": {"active": False},
}
LEFT = (
    "does not serve Lending",
    "does not speak English",
    "does not work here any more",
)


@pytest.mark.parametrize("why", CHANGES)
def test_a_change_that_leaves_an_appointment_outside_is_not_saved_unasked(
    bank, ada, ana, max_, why
):
    booked = book(bank, max_, at(11), ana)
    before = staffing.person_file(bank.deps, ada, ana.id)

    (effect,) = concerned(bank, ada, ana, **CHANGES[why])

    assert (effect.id, effect.customer) == (booked.id, "Rosa Delgado")
    assert effect.why == f"Ana {why}."
    assert staffing.person_file(bank.deps, ada, ana.id) == before


@pytest.mark.parametrize("why", [it for it in CHANGES if it not in LEFT])
def test_what_is_kept_stays_as_it_is(bank, ada, ana, max_, why):
    booked = book(bank, max_, at(11), ana)

    change(bank, ada, ana, {booked.id: Disposition.KEEP}, **CHANGES[why])

    assert stored(bank, booked) == booked


@pytest.mark.parametrize("why", CHANGES)
def test_what_is_handed_over_goes_to_a_free_colleague(
    bank, ada, ana, max_, database_url, why
):
    ben = bank.agent("Ben")
    booked = book(bank, max_, at(11), ana)
    (effect,) = concerned(bank, ada, ana, **CHANGES[why])

    change(bank, ada, ana, {booked.id: Disposition.REASSIGN}, **CHANGES[why])

    after = stored(bank, booked)
    assert effect.instead == "Ben is free and takes it."
    assert (after.agent_id, after.assigned_because) == (ben.id, "Handed over from Ana")
    with bank.deps.unit_of_work() as work:
        last = work.audit.history(str(booked.id))[-1]
    assert (last.actor, last.action) == ("Ada", "changed")
    check(database_url)


def test_where_everybody_else_is_busy_it_stays_and_is_said_so(bank, ada, ana, max_):
    ben = bank.agent("Ben")
    booked = book(bank, max_, at(11), ana)
    book(bank, max_, at(11), ben, customer="sam")
    off = {"exceptions": ((MONDAY, ()),)}
    (effect,) = concerned(bank, ada, ana, **off)

    change(bank, ada, ana, {booked.id: Disposition.REASSIGN}, **off)

    assert effect.instead == "Nobody else is free then; it stays with Ana."
    assert stored(bank, booked) == booked


@pytest.mark.parametrize("fate", Disposition)
@pytest.mark.parametrize("why", LEFT)
def test_who_left_keeps_nothing(bank, ada, ana, max_, why, fate):
    ben = bank.agent("Ben")
    booked = book(bank, max_, at(11), ana)
    book(bank, max_, at(11), ben, customer="sam")

    change(bank, ada, ana, {booked.id: fate}, **CHANGES[why])

    assert stored(bank, booked).agent_id is None
    assert unplaced(bank, max_) == [booked.id]
    assert not calendar.own_dashboard(bank.deps, max_).unassigned


def test_what_nobody_can_take_stands_on_a_list_until_it_is_placed(bank, ada, ana, max_):
    ben = bank.agent("Ben")
    booked = book(bank, max_, at(11), ana)
    other = book(bank, max_, at(11), ben, customer="sam")
    change(bank, ada, ana, {booked.id: Disposition.REASSIGN}, active=False)
    assert unplaced(bank, max_) == unplaced(bank, ada) == [booked.id]
    assert unplaced(bank, ben) == []

    appointments.cancel_appointment(bank.deps, max_, other.id, "")
    assert unplaced(bank, max_) == []
    appointments.assign_appointment(bank.deps, max_, booked.id, ben.id)

    assert stored(bank, booked).agent_id == ben.id


def test_of_two_that_compete_across_the_midnight_of_utc_one_is_listed(bank, max_):
    late = (time(9), time(20))
    bank.agent("Ana", hours=late)
    bank.agent("Ben", hours=late)
    both = [book(bank, max_, at(17, 45)), book(bank, max_, at(18), customer="sam")]
    assert len({it.starts_at.astimezone(UTC).date() for it in both}) == 2
    assert unplaced(bank, max_) == []

    people.disable_person(bank.deps, "ben@bank.example")

    assert len(unplaced(bank, max_)) == 1


def test_queue_that_nobody_serves_any_more_leaves_its_appointments_on_the_list(
    bank, ada, ana, max_
):
    waiting = book(bank, max_, at(11))

    change(bank, ada, ana, {waiting.id: Disposition.KEEP}, queues=frozenset())
    assert unplaced(bank, max_) == [waiting.id]


def test_who_is_disabled_at_the_command_line_keeps_nothing(bank, ana, max_):
    ben = bank.agent("Ben")
    taken, left = book(bank, max_, at(11), ana), book(bank, max_, at(13), ana)
    book(bank, max_, at(13), ben, customer="sam")

    people.disable_person(bank.deps, "ana@bank.example")

    assert stored(bank, taken).agent_id == ben.id
    assert unplaced(bank, max_) == [left.id]


def unplaced(bank, actor):
    return [one.id for one in calendar.own_dashboard(bank.deps, actor).unplaced]


def test_where_nobody_else_works_it_waits_unassigned(bank, ada, ana, max_):
    booked = book(bank, max_, at(11), ana)
    (effect,) = concerned(bank, ada, ana, active=False)

    change(bank, ada, ana, {booked.id: Disposition.REASSIGN}, active=False)

    assert "waits unassigned" in effect.instead
    assert stored(bank, booked).agent_id is None


def test_two_that_need_one_colleague_do_not_both_get_them(bank, ada, ana, max_):
    bob, _ben = bank.agent("Bob"), bank.agent("Ben")
    both = [
        book(bank, max_, at(11), ana),
        book(bank, max_, at(11), bob, customer="sam"),
    ]
    held = staffing.person_file(bank.deps, ada, bob.id)
    change(bank, ada, bob, {both[1].id: Disposition.KEEP}, active=False)

    found = concerned(bank, ada, ana, active=False)
    assert [it.id for it in found] == [both[0].id]
    change(bank, ada, ana, {both[0].id: Disposition.REASSIGN}, active=False)

    assert held.person.active
    assert len(unplaced(bank, max_)) == 1


def test_an_appointment_of_somebody_else_or_the_past_is_not_concerned(
    bank, ada, ana, max_, clock
):
    ben = bank.agent("Ben")
    book(bank, max_, at(9), ana)
    book(bank, max_, at(11), ben)
    clock.advance(timedelta(hours=2))

    assert not change(bank, ada, ana, active=False).person.active


def test_what_was_amiss_before_is_not_the_doing_of_a_change(bank, ada, ana, max_):
    booked = book(bank, max_, at(11), ana)
    change(
        bank, ada, ana, {booked.id: Disposition.KEEP}, week=((0, time(13), time(17)),)
    )

    saved = change(bank, ada, ana, week=((0, time(14), time(17)),))

    assert saved.draft.week == ((0, time(14), time(17)),)


def test_one_that_waits_for_the_only_agent_is_concerned(bank, ada, ana, max_):
    booked = book(bank, max_, at(11))

    (effect,) = concerned(bank, ada, ana, active=False)

    assert effect.id == booked.id
    assert effect.why.startswith("It waits for an agent, and nobody of Lending")


def test_a_colleague_promised_to_one_that_waits_is_not_given_away(
    bank, ada, ana, max_, database_url
):
    ben = bank.agent("Ben")
    book(bank, max_, at(11), customer="sam")
    booked = book(bank, max_, at(11), ana)
    off = {"exceptions": ((MONDAY, ()),)}

    change(bank, ada, ana, {booked.id: Disposition.REASSIGN}, **off)

    assert stored(bank, booked).agent_id == ana.id
    assert ben
    check(database_url)


def test_a_holiday_and_another_zone_of_the_institution_have_effects_too(
    bank, ana, max_
):
    booked = book(bank, max_, at(11), ana)
    with bank.deps.unit_of_work() as work:
        before = effects.roster_snapshot(work)
    holiday = replace(before.roster, holidays={MONDAY: "Founders' Day"})
    far = replace(before.roster.institution, zone=ZoneInfo("Pacific/Kiritimati"))
    closed = {MONDAY + timedelta(days=1): "Tuesday off"}
    here = RosterSnapshot(
        roster=replace(before.roster, holidays=closed), weekends_off=True
    )
    there = RosterSnapshot(
        roster=replace(here.roster, institution=far), weekends_off=True
    )

    shut = effects.affected_appointments(
        before, RosterSnapshot(roster=holiday, weekends_off=True), [booked]
    )
    moved = effects.affected_appointments(here, there, [booked])

    assert shut == [(booked, "The institution is closed for Founders' Day.")]
    assert moved == [(booked, "The institution is closed for Tuesday off.")]


def test_longer_hours_concern_nobody(bank, ada, ana, max_):
    book(bank, max_, at(11), ana)

    saved = change(bank, ada, ana, week=((0, time(8), time(20)),))

    assert saved.person.version == 2
