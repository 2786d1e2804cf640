"""Opening hours in the forms of institution, branch and queue, without a browser."""

import asyncio
from datetime import time
from uuid import uuid4

import pytest

from invo_booking.domain.appointment import Channel
from invo_booking.persistence.tables.core import InstitutionRow
from invo_booking.usecases.appointment.drafts import AppointmentDraft
from invo_booking.usecases.staff import appointments
from invo_booking.web.admin.branches.state import BranchesState
from invo_booking.web.admin.institution.state import InstitutionState
from invo_booking.web.admin.opening_state import OpeningState
from invo_booking.web.admin.people.person_state import PersonState
from invo_booking.web.admin.people.week_state import WeekState
from invo_booking.web.admin.queues.state import QueuesState
from tests.support.bank import at, branch_row
from tests.web_admin.test_branches_page import FORM as BRANCH

OPEN = ("open_page",)
WATCH = (WeekState, "dismiss_notices")
QUEUE = {"name": "Lending", "assignment": "unassigned", "active": "on"}
HOUSE = {
    "name": "Test Bank",
    "tagline": "",
    "phone": "312 555 0142",
    "time_zone": "America/Chicago",
    "country": "US",
}
MONDAY = (0, ((time(9), time(12)),))


@pytest.fixture
def forms(bank):
    return {
        InstitutionState: ("/institution", HOUSE),
        BranchesState: (f"/branches?edit={bank.branch_id}", BRANCH),
        QueuesState: (f"/queues?edit={bank.queue_id}", QUEUE),
    }


def play(client, at, *events):
    """Send events to states; return what is seen of each state in the end."""

    async def all_of_them():
        for state, *event in events:
            await client.send(state, *event, at=at)
        return {state: await client.see(state) for state, *_ in events}

    return asyncio.run(all_of_them())


def stored(bank, form):
    with bank.deps.unit_of_work() as work:
        roster = work.roster
        return {
            InstitutionState: roster.institution,
            BranchesState: roster.branches[bank.branch_id],
            QueuesState: roster.queues[bank.queue_id],
        }[form].opening_hours


@pytest.mark.parametrize("form", [InstitutionState, BranchesState, QueuesState])
def test_hours_are_drawn_and_saved_with_the_form(bank, client, forms, form):
    here, typed = forms[form]

    seen = play(
        client,
        here,
        (form, *OPEN),
        (OpeningState, "draw_period", "0", "0", "09:00", "12:00"),
    )
    assert seen[OpeningState].is_changed
    assert seen[OpeningState].is_limited
    assert stored(bank, form) == ()
    seen = play(
        client, here, (form, "submit_form", typed), (OpeningState, "dismiss_notices")
    )

    assert (seen[form].problem, seen[form].errors) == ("", {})
    assert not seen[OpeningState].is_changed
    assert stored(bank, form) == (MONDAY,)
    again = play(client, here, (form, *OPEN), (OpeningState, "dismiss_notices"))
    assert [it.ends for it in again[OpeningState].days[0].periods] == ["12:00"]


def test_hours_that_end_before_they_begin_are_refused_where_they_are_drawn(
    client, forms
):
    here, _ = forms[InstitutionState]

    seen = play(
        client,
        here,
        (InstitutionState, *OPEN),
        (OpeningState, "draw_period", "0", "0", "17:00", "09:00"),
    )

    assert "ends before it begins" in seen[OpeningState].errors["hours"]
    assert not seen[OpeningState].is_changed


def test_appointments_outside_are_reviewed_before_a_queue_is_saved(bank, client, forms):
    ana = bank.agent("Ana")
    draft = AppointmentDraft(
        queue_id=bank.queue_id,
        language="en",
        channel=Channel.PHONE,
        starts_at=at(14, days=1),
        ends_at=at(15, days=1),
        agent_id=ana.id,
        name="Rosa Delgado",
        email="rosa@example.com",
    )
    appointments.create_appointment(bank.deps, bank.manager(), draft)
    here, typed = forms[QueuesState]

    seen = play(
        client,
        here,
        (QueuesState, *OPEN),
        (OpeningState, "draw_period", "1", "0", "09:00", "12:00"),
        (QueuesState, "submit_form", typed),
    )
    (shown,) = seen[QueuesState].affected
    assert "outside the opening hours" in shown.why
    assert stored(bank, QueuesState) == ()
    play(client, here, (QueuesState, "keep_affected"))

    assert [day for day, _ in stored(bank, QueuesState)] == [1]


def test_periods_of_a_person_are_placed_at_branches(bank, client):
    ana, second = bank.agent("Ana"), uuid4()
    with bank.deps.unit_of_work() as work:
        work.session.add(branch_row(second, "Oak Park"))
        work.publish_roster_change()
    here, place = f"/people?edit={ana.id}", "place_period"

    def monday(state, *event):
        week = play(client, here, (state, *event), WATCH)[WeekState]
        return [(it.ends, it.where) for it in week.days[0].periods]

    assert monday(PersonState, *OPEN) == [("17:00", "")]
    assert monday(WeekState, place, "0", "0", str(second)) == [("17:00", "Oak Park")]
    assert monday(WeekState, "draw_period", "0", "0", "09:00", "12:00") == [
        ("12:00", "Oak Park")
    ]
    assert monday(WeekState, "type_edge", "0", "0", "ends", "13:00") == [
        ("13:00", "Oak Park")
    ]
    assert monday(WeekState, place, "0", "0", "") == [("13:00", "")]
    assert monday(WeekState, place, "0", "9", str(second)) == [("13:00", "")]
    day = {"day": "2026-12-24", "kind": "own", "begins": "09:00", "ends": "12:00"}
    monday(WeekState, "add_exception", day | {"branch": str(second)})
    (shown,) = play(client, here, WATCH)[WeekState].offs
    assert shown.what == "09:00 to 12:00 at Oak Park"


def test_new_person_starts_with_the_hours_of_the_ticked_branch(bank, client):
    second = uuid4()
    with bank.deps.unit_of_work() as work:
        oak_park = branch_row(second, "Oak Park", opening_hours=["5 10:00-14:00"])
        house = work.session.get(InstitutionRow, 1)
        house.opening_hours = ["0 08:00-18:00"]
        work.session.add_all([oak_park, house])
        work.publish_roster_change()

    def drawn(state, *event):
        week = play(client, "/people?new=1", (state, *event), WATCH)[WeekState]
        days = {it.name: [p.begins for p in it.periods] for it in week.days}
        return {name: begins for name, begins in days.items() if begins}

    assert drawn(PersonState, *OPEN) == {"Monday": ["08:00"]}
    tick = "tick_branch", f"branch-{second}"
    assert drawn(WeekState, *tick, True) == {"Saturday": ["10:00"]}
    drawn(WeekState, "draw_period", "5", "0", "11:00", "14:00")
    assert drawn(WeekState, *tick, False) == {"Saturday": ["11:00"]}
    assert drawn(WeekState, "tick_branch", "branch-x", True) == {"Saturday": ["11:00"]}
