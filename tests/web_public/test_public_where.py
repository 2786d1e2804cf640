"""The choice of a branch in the scheduler, on a real database."""

from uuid import UUID, uuid4

import pytest

from invo_booking import bootstrap
from invo_booking.domain.appointment import Channel
from invo_booking.persistence.tables.core import BranchRow, PersonBranchRow, PersonRow
from invo_booking.usecases.booking import booking
from invo_booking.usecases.slots.offers import ANY_BRANCH
from invo_booking.web.kit.picker.search import picker_instant
from invo_booking.web.kit.picker.state import PickerState
from invo_booking.web.scheduler.address import schedule_time
from invo_booking.web.scheduler.request_state import RequestState
from invo_booking.web.scheduler.state import ScheduleState
from tests.support.bank import branch_row
from tests.web_public.test_public_flows import Visitor


@pytest.fixture
def denver(bank):
    """A second branch, in another zone, with an agent of its own."""
    bootstrap.use_deps(bank.deps)
    bank.offer_visits()
    branch_id, ana, dora = uuid4(), bank.agent("Ana"), bank.agent("Dora")
    fields = {"town": "Denver", "region": "CO", "postal_code": "80202"}
    row = branch_row(branch_id, "Union Station", time_zone="America/Denver", **fields)
    with bank.deps.unit_of_work() as work:
        person = work.session.get(PersonRow, dora.id)
        person.time_zone = "America/Denver"
        work.session.add_all([row, person])
        work.session.flush()
        for agent, where in ((ana, bank.branch_id), (dora, branch_id)):
            work.session.add(PersonBranchRow(person_id=agent.id, branch_id=where))
        work.publish_roster_change()
    return branch_id


def reach_where(bank, channel="branch"):
    visitor = Visitor()
    visitor.begin(RequestState, bank)
    visitor.send(PickerState, "adopt_browser", "America/Los_Angeles", "en-US")
    visitor.reach_times(bank, channel=channel)
    return visitor


@pytest.mark.usefixtures("denver")
def test_only_a_visit_asks_for_a_branch(bank):
    assert reach_where(bank, "video").see(ScheduleState).step == "when"

    schedule = reach_where(bank).see(ScheduleState)

    assert schedule.step == "where"
    assert [it.name for it in schedule.branches] == ["Main branch", "Union Station"]
    assert schedule.branches[1].zone == "Denver time"
    assert schedule.branches_found == "2 branches"
    assert [it.key for it in schedule.steps] == ["where", "when", "details"]


@pytest.mark.parametrize("typed", ["union", "DENVER", "8020", "denver station"])
@pytest.mark.usefixtures("denver")
def test_a_branch_is_found_by_name_town_and_zip(bank, typed):
    visitor = reach_where(bank)

    visitor.send(ScheduleState, "search_branches", typed)

    schedule = visitor.see(ScheduleState)
    assert [it.name for it in schedule.branches] == ["Union Station"]
    assert schedule.branches_found == "1 branch"


def test_a_visit_is_requested_at_the_chosen_branch_on_its_clock(bank, denver):
    visitor = reach_where(bank)

    visitor.send(ScheduleState, "choose_branch", str(denver))
    picker = visitor.see(PickerState)
    assert visitor.see(ScheduleState).step == "when"
    assert picker.place.name == "Union Station"
    assert picker.view.zone == "Denver time (MST)"
    visitor.take_soonest()
    page = visitor.request()

    assert page is not None, visitor.see(RequestState).problem
    with bank.deps.unit_of_work() as work:
        (made,) = work.appointments.unassigned_from(bank.clock(), 9)
    assert made.branch_id == denver


def choose_any(bank):
    visitor = reach_where(bank)
    visitor.send(ScheduleState, "choose_branch", ANY_BRANCH)
    return visitor


def slots_of(picker):
    return [slot for part in picker.view.parts for slot in part.slots]


def test_any_branch_shows_the_times_of_all_each_with_its_branch(bank, denver):
    del denver
    with bank.deps.unit_of_work() as work:
        work.session.add(branch_row(uuid4(), "Airport", time_zone="America/New_York"))
        work.publish_roster_change()

    picker = choose_any(bank).see(PickerState)

    assert picker.place.name == "Any branch"
    assert picker.view.zone == "Each time is told on the clock of its branch"
    places = [slot.place for slot in slots_of(picker)]
    assert set(places) == {
        "Main branch (Chicago time)",
        "Union Station (Denver time)",
    }, "nobody works at the airport"
    last = slots_of(picker)[-1]
    assert (last.label, last.place) == ("4:30", "Union Station (Denver time)")
    assert picker.view.soonest.place == "Main branch (Chicago time)"


def test_any_branch_names_no_clock_where_all_agree(bank):
    bootstrap.use_deps(bank.deps)
    bank.offer_visits()
    bank.agent("Ana")
    with bank.deps.unit_of_work() as work:
        work.session.add(branch_row(uuid4(), "Airport"))
        work.publish_roster_change()

    picker = choose_any(bank).see(PickerState)

    assert {slot.place for slot in slots_of(picker)} == {"Airport"}
    assert picker.view.zone == "Chicago time (CST)"


def test_time_at_any_branch_is_requested_at_the_branch_that_was_shown(bank, denver):
    visitor = choose_any(bank)
    last = slots_of(visitor.see(PickerState))[-1]

    visitor.send(ScheduleState, "take_start", last.key)

    picker = visitor.see(PickerState)
    assert picker.place.name == "Union Station"
    assert picker.view.picked_times.startswith("4:30")
    page = visitor.request()
    assert page is not None, visitor.see(RequestState).problem
    with bank.deps.unit_of_work() as work:
        (made,) = work.appointments.unassigned_from(bank.clock(), 9)
    assert made.branch_id == denver


@pytest.mark.usefixtures("denver")
def test_link_with_a_time_at_any_branch_leads_to_the_branch_of_the_time(bank):
    first = choose_any(bank)
    last = slots_of(first.see(PickerState))[-1]
    time = schedule_time(int(last.key))
    visitor = reach_where(bank)

    visitor.reach_times(bank, channel="branch", branch=ANY_BRANCH, time=time)

    assert visitor.see(ScheduleState).step == "details"
    assert visitor.see(PickerState).place.name == "Union Station"


@pytest.mark.usefixtures("denver")
def test_time_that_is_booked_at_its_branch_is_marked(bank):
    visitor = choose_any(bank)
    before = {slot.key: slot.place for slot in slots_of(visitor.see(PickerState))}
    key = next(iter(before))
    start = picker_instant(int(key))
    wanted = bank.request(start, channel=Channel.BRANCH, branch_id=bank.branch_id)
    booking.request_appointment(bank.deps, wanted, idempotency_key=f"{uuid4()}")

    visitor.send(PickerState, "refresh_day")

    slots = {slot.key: slot for slot in slots_of(visitor.see(PickerState))}
    assert before[key] == "Main branch (Chicago time)"
    assert slots[key].taken


@pytest.mark.usefixtures("denver")
@pytest.mark.parametrize("odd", ["", "x", str(UUID(int=1)), "null"])
def test_what_is_no_branch_is_no_choice(bank, odd):
    visitor = reach_where(bank)

    visitor.send(ScheduleState, "choose_branch", odd)

    assert visitor.see(ScheduleState).step == "where"


@pytest.mark.usefixtures("denver")
def test_branch_of_a_link_that_takes_no_visits_is_asked_for_again(bank):
    visitor = reach_where(bank)

    visitor.reach_times(bank, channel="branch", branch=str(UUID(int=1)))

    schedule = visitor.see(ScheduleState)
    assert schedule.step == "where"
    assert "takes no visits" in schedule.problem


def test_branch_that_has_closed_since_it_was_listed_says_so(bank, denver):
    visitor = reach_where(bank)
    with bank.deps.unit_of_work() as work:
        work.session.get_one(BranchRow, denver).active = False
        work.publish_roster_change()

    visitor.send(ScheduleState, "choose_branch", str(denver))

    schedule = visitor.see(ScheduleState)
    assert schedule.step == "when", "only one branch is left"
    assert "takes no visits" in schedule.problem
