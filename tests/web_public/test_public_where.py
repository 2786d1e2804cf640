"""The choice of a branch in the scheduler, on a real database."""
# ruff: noqa: SLF001 - stands in for Reflex, which calls what is private to it

from uuid import UUID, uuid4

import pytest

from invo_booking import bootstrap
from invo_booking.persistence.tables.core import PersonBranchRow
from invo_booking.usecases.slots.offers import ANY_BRANCH
from invo_booking.web.scheduler.picker_state import PickerState
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
        work.session.add(row)
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


def test_any_branch_shows_the_one_with_the_earliest_time(bank, denver):
    with bank.deps.unit_of_work() as work:
        work.session.add(branch_row(uuid4(), "Airport", time_zone="America/New_York"))
        work.publish_roster_change()
    visitor = reach_where(bank)

    visitor.send(ScheduleState, "choose_branch", ANY_BRANCH)

    picker = visitor.see(PickerState)
    assert picker.place.name == "Main branch", "nobody works at the airport"
    assert picker._branch == bank.branch_id != denver


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
