"""The page of branches, without a browser."""

import asyncio
from uuid import uuid4

from invo_booking.domain.appointment import Channel
from invo_booking.persistence.tables.core import PersonBranchRow
from invo_booking.usecases.appointment.drafts import AppointmentDraft
from invo_booking.usecases.staff import appointments
from invo_booking.web.admin.branches.state import BranchesState
from invo_booking.web.admin.closures.state import ClosuresState
from tests.support.bank import at, branch_row

OPEN = ("open_page",)

FORM = {
    "name": "Main branch",
    "street": "120 Harbor Street\nGround floor",
    "town": "Chicago",
    "region": "IL",
    "postal_code": "60601",
    "country": "US",
    "phone": "312 555 0143",
    "directions": "",
    "time_zone": "America/Chicago",
    "latitude": "41,8869",
    "longitude": "-87.6147",
    "active": "on",
}


def run(client, state, *events, at="/branches"):
    async def all_of_them():
        answers = [await client.send(state, *event, at=at) for event in events]
        return await client.see(state), answers[-1]

    return asyncio.run(all_of_them())


def test_branches_tell_where_they_are(client):
    state, _ = run(client, BranchesState, OPEN, at="/branches")

    (row,) = state.rows
    assert (row.name, row.address) == (
        "Main branch",
        "120 Harbor Street, Chicago, IL 60601",
    )
    assert row.has_address
    assert row.is_open
    assert not state.is_editing


def test_open_branch_at_which_nobody_works_is_marked(bank, grace, client):
    there = uuid4()
    with bank.deps.unit_of_work() as work:
        work.session.add(branch_row(there, "Oak Park"))
        work.session.flush()
        work.session.add(PersonBranchRow(person_id=grace.id, branch_id=there))
        work.publish_roster_change()

    state, _ = run(client, BranchesState, OPEN)

    assert {row.name: row.has_people for row in state.rows} == {
        "Main branch": False,
        "Oak Park": True,
    }


def test_a_branch_is_saved_as_it_was_typed(bank, client):
    here = f"/branches?edit={bank.branch_id}"
    typed = FORM | {"phone": "312 555 0199"}

    run(client, BranchesState, OPEN, ("submit_form", typed), at=here)
    state, _ = run(client, BranchesState, OPEN, at=here)

    assert state.form.texts["phone"] == "312 555 0199"
    place = (state.form.texts["latitude"], state.form.texts["longitude"])
    assert place == ("41.8869", "-87.6147")


def test_degrees_that_are_no_number_are_refused_beside_the_field(bank, client):
    here = f"/branches?edit={bank.branch_id}"
    typed = FORM | {"latitude": "north"}

    state, _ = run(client, BranchesState, OPEN, ("submit_form", typed), at=here)

    assert state.errors == {"latitude": "Enter degrees as a number, such as 41.8869."}


def test_a_branch_closes_days_of_its_own(bank, client):
    here = f"/branches?edit={bank.branch_id}"
    day = {"day": "2026-11-24", "day_name": "Building works"}

    state, _ = run(
        client, ClosuresState, ("open_branch",), ("submit_form", day), at=here
    )
    assert [it.name for it in state.days] == ["Building works"]
    house, _ = run(client, ClosuresState, OPEN, at="/institution")
    assert house.days == []
    state, _ = run(
        client, ClosuresState, ("open_branch",), ("reopen_day", "2026-11-24"), at=here
    )
    assert state.days == []
    with bank.deps.unit_of_work() as work:
        assert work.roster.branch_holidays == {}


def test_a_branch_that_does_not_exist_has_no_closed_days(client):
    here = "/branches?edit=00000000-0000-0000-0000-000000000009"

    state, _ = run(client, ClosuresState, ("open_branch",), at=here)

    assert state.problem == "This branch does not exist."


def test_visits_are_shown_before_their_branch_moves(bank, client):
    ana = bank.agent("Ana")
    draft = AppointmentDraft(
        queue_id=bank.queue_id,
        language="en",
        channel=Channel.BRANCH,
        starts_at=at(10, days=1),
        ends_at=at(11, days=1),
        agent_id=ana.id,
        name="Rosa Delgado",
        email="rosa@example.com",
    )
    appointments.create_appointment(bank.deps, bank.manager(), draft)
    here = f"/branches?edit={bank.branch_id}"
    moves = ("submit_form", FORM | {"street": "9 Pier Road"})

    state, _ = run(client, BranchesState, OPEN, moves, at=here)
    (shown,) = state.affected
    assert "way to find Main branch changes" in shown.why
    run(client, BranchesState, ("keep_affected",), at=here)

    state, _ = run(client, BranchesState, OPEN, at=here)
    assert state.form.texts["street"] == "9 Pier Road"


def add_branches(bank, towns):
    with bank.deps.unit_of_work() as work:
        for town in towns:
            work.session.add(branch_row(uuid4(), f"{town} branch", town=town))
        work.session.flush()
        work.publish_roster_change()


def test_few_branches_are_listed_without_a_search_field(bank, client):
    add_branches(bank, ["Aurora", "Berwyn"])

    state, _ = run(client, BranchesState, OPEN)

    assert not state.is_long


def test_one_of_many_branches_is_found_by_its_town(bank, client):
    add_branches(bank, [f"Town{number}" for number in range(10, 50)])

    state, _ = run(client, BranchesState, OPEN)
    assert (state.is_long, len(state.rows), state.found) == (True, 41, "41 branches")

    state, _ = run(client, BranchesState, ("find_branches", "town23 bran"))
    assert [row.name for row in state.rows] == ["Town23 branch"]
    assert state.found == "1 branch"

    state, _ = run(client, BranchesState, ("find_branches", "nowhere"))
    assert (state.rows, state.is_long) == ([], True)

    state, _ = run(client, BranchesState, OPEN)
    assert len(state.rows) == 41
