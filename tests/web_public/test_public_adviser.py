"""Where a queue lets customers choose: whom they see, and whose times."""

from uuid import UUID

import pytest
from sqlmodel import col, select, update

from invo_booking import bootstrap
from invo_booking.domain.assignment import Mode
from invo_booking.persistence.tables.core import AppointmentRow, PersonRow, QueueRow
from invo_booking.usecases.booking import booking
from invo_booking.web.customer.state import StatusState
from invo_booking.web.customer.view import visit_other_agent
from invo_booking.web.kit.picker.state import PickerState
from invo_booking.web.scheduler.request_state import RequestState
from tests.support.bank import at, confirm


@pytest.fixture
def product(deps, bank):  # noqa: ARG001 - must be there
    bootstrap.use_deps(deps)
    return deps


@pytest.fixture
def advisers(product, bank):
    """Ana and Ben, either of whom a customer may choose."""
    with product.unit_of_work() as work:
        work.session.exec(
            update(QueueRow)
            .where(col(QueueRow.id) == bank.queue_id)
            .values(assignment=Mode.CHOSEN.value)
        )
        work.publish_roster_change()
    return bank.agent("Ana"), bank.agent("Ben")


def reach_times(visitor, bank):
    visitor.send(PickerState, "adopt_browser", "America/Chicago", "en-GB")
    visitor.reach_times(bank)


def booked(product):
    with product.unit_of_work() as work:
        return work.session.exec(select(AppointmentRow)).all()


def take_ten_o_clock(product, bank, agent):
    booking.request_appointment(
        product,
        bank.request(at(10), email="other@example.com", agent_id=agent.id),
        idempotency_key=booking.new_idempotency_key(),
    )


def starts(visitor):
    return {
        slot.label
        for part in visitor.see(PickerState).view.parts
        for slot in part.slots
        if not slot.taken
    }


def test_nobody_is_asked_whom_to_talk_to_where_the_bank_decides(product, bank, visitor):
    bank.agent("Ana")
    assert product

    reach_times(visitor, bank)

    assert visitor.see(PickerState).advisers == []


def test_names_to_choose_from_are_those_of_the_queue(advisers, bank, visitor):
    assert advisers

    reach_times(visitor, bank)

    picker = visitor.see(PickerState)
    assert [one.label for one in picker.advisers] == ["Ana", "Ben"]
    assert picker.adviser == ""


def test_times_shown_are_those_of_the_chosen_adviser(product, advisers, bank, visitor):
    ana, ben = advisers
    take_ten_o_clock(product, bank, ana)
    reach_times(visitor, bank)
    visitor.send(PickerState, "choose_day", at(10).date().isoformat())
    anyone = starts(visitor)

    visitor.send(PickerState, "choose_adviser", str(ana.id))
    of_ana = starts(visitor)
    visitor.send(PickerState, "choose_adviser", str(ben.id))

    assert anyone - of_ana == {"09:45", "10:00", "10:15"}
    assert starts(visitor) == anyone


def test_picked_time_is_let_go_when_the_chosen_adviser_does_not_have_it(
    product, advisers, bank, visitor
):
    ana, ben = advisers
    take_ten_o_clock(product, bank, ana)
    reach_times(visitor, bank)
    visitor.send(PickerState, "choose_adviser", str(ben.id))
    visitor.send(PickerState, "pick_start", str(int(at(10).timestamp()) // 60))
    assert visitor.see(PickerState).view.picked

    visitor.send(PickerState, "choose_adviser", str(ana.id))

    assert not visitor.see(PickerState).view.picked


def test_request_goes_to_the_chosen_adviser(product, advisers, bank, visitor):
    visitor.begin(RequestState, bank)
    reach_times(visitor, bank)
    visitor.send(PickerState, "choose_adviser", str(advisers[1].id))
    visitor.take_soonest()

    visitor.request()

    assert [row.agent_id for row in booked(product)] == [advisers[1].id]


@pytest.mark.parametrize("key", ["not an id", str(UUID(int=7)), None, ["x"]])
def test_key_that_was_never_offered_chooses_nobody(advisers, bank, visitor, key):
    assert advisers
    reach_times(visitor, bank)

    visitor.send(PickerState, "choose_adviser", key)

    assert visitor.see(PickerState).adviser == ""


def test_chosen_adviser_is_chosen_again_when_the_customer_moves(
    product, advisers, bank, visitor
):
    ana, _ = advisers
    made = booking.request_appointment(
        product,
        bank.request(at(10), agent_id=ana.id),
        idempotency_key=booking.new_idempotency_key(),
    )
    visitor.at(f"/a/{made.token}")
    visitor.send(StatusState, "open_page")

    visitor.send(StatusState, "show_panel", "move")

    assert visitor.see(PickerState).adviser == "Ana"


@pytest.mark.parametrize(
    ("had", "has", "told"),
    [
        ("Ana", "Ana", ""),
        ("", "Ben", ""),
        ("Ana", "Ben", "You now meet Ben instead of Ana."),
        ("Ana", "", "Ana is not free then. One of our advisers meets you instead."),
    ],
)
def test_customer_is_told_when_somebody_else_takes_over(had, has, told):
    assert visit_other_agent(had, has) == told


def test_move_to_an_adviser_who_has_left_is_refused_with_a_sentence(
    product, advisers, bank, visitor
):
    ana, ben = advisers
    made = booking.request_appointment(
        product,
        bank.request(at(10), agent_id=ana.id),
        idempotency_key=booking.new_idempotency_key(),
    )
    confirm(product, made.token)
    visitor.at(f"/a/{made.token}")
    visitor.send(StatusState, "open_page")
    visitor.send(StatusState, "show_panel", "move")
    visitor.send(PickerState, "choose_adviser", str(ben.id))
    visitor.pick_soonest()
    with product.unit_of_work() as work:
        work.session.get_one(PersonRow, ben.id).active = False
        work.publish_roster_change()

    visitor.send(StatusState, "move_appointment")

    status = visitor.see(StatusState)
    assert status.problem
    assert (status.panel, status.refused) == ("move", "moved")
    assert "Ben" not in {one.label for one in visitor.see(PickerState).advisers}
