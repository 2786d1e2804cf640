"""How far a visitor may look, and what they read when the offer has ended meanwhile."""
# ruff: noqa: SLF001 - fixtures are named as they are imported; what a state keeps to itself is looked at

import pytest

from invo_booking.persistence.tables.core import AnswerRow, QueueRow
from invo_booking.settings.general import PUBLIC_SCHEDULING
from invo_booking.settings.time import HORIZON, PUBLIC_EARLIEST_DAY
from invo_booking.usecases.shared import links
from invo_booking.web.customer.state import StatusState
from invo_booking.web.kit.picker.state import PickerState
from invo_booking.web.scheduler.state import ScheduleState
from tests.web_public.test_public_flows import book, soonest


def test_page_opens_all_weeks_up_to_the_horizon(bank, visitor):
    bank.set(HORIZON, "300")
    visitor.reach_details(bank)
    visitor.reach_times(bank)
    picker = visitor.see(PickerState)

    free = []
    while picker.view.next:
        visitor.send(PickerState, "turn_page", 1)
        free.append(any(day.free for week in picker.view.weeks for day in week.days))

    assert free == [True] * 8  # five weeks each, up to 300 days ahead
    last = picker._search.starts[-1]
    visitor.send(PickerState, "pick_start", str(last))
    visitor.send(PickerState, "refresh_day")
    assert picker._search.picked == last


def test_page_shows_the_first_times_however_late_they_begin(bank, visitor):
    bank.set(HORIZON, "365")
    bank.set(PUBLIC_EARLIEST_DAY, "200")

    visitor.reach_details(bank)

    assert visitor.see(ScheduleState).step == "details"
    assert visitor.see(PickerState).view.picked != ""


@pytest.mark.parametrize(
    ("event", "argument"),
    [("choose_day", "2026-11-24"), ("refresh_day", None), ("choose_adviser", "")],
)
def test_page_that_is_open_says_when_nothing_can_be_booked_any_more(
    product, bank, visitor, event, argument
):
    with product.unit_of_work() as work:
        work.session.get_one(QueueRow, bank.queue_id).assignment = "chosen"
        work.publish_roster_change()
    visitor.reach_details(bank)
    visitor.reach_times(bank)
    bank.set(PUBLIC_SCHEDULING, "off")

    visitor.send(PickerState, event, *([] if argument is None else [argument]))

    picker = visitor.see(PickerState)
    assert "switched off" in picker.problem
    assert (picker.view.any, picker.view.picked) == (False, "")
    visitor.take_soonest()
    assert visitor.see(ScheduleState).step == "when"


@pytest.mark.parametrize("closes", ["scheduling", "topic", "language"])
def test_customer_is_asked_to_call_where_an_appointment_cannot_be_moved(
    product, bank, visitor, closes
):
    token = book(product, bank, soonest(product, bank)).token
    visitor.at(f"/a/{token}")
    visitor.send(StatusState, "open_page")
    if closes == "scheduling":
        bank.set(PUBLIC_SCHEDULING, "off")
    else:
        changes = {"topic": {"schedulable": False}, "language": {"languages": ["es"]}}
        with product.unit_of_work() as work:
            answer = work.session.get_one(AnswerRow, bank.answer_id)
            for name, value in changes[closes].items():
                setattr(answer, name, value)
            work.publish_roster_change()

    visitor.send(StatusState, "show_panel", "move")

    status = visitor.see(StatusState)
    assert status.problem == "This appointment cannot be moved here. Please call us."
    assert status.panel == ""


def test_link_that_ended_while_its_page_was_open_says_so(product, bank, visitor):
    booked = book(product, bank, soonest(product, bank))
    visitor.at(f"/a/{booked.token}")
    visitor.send(StatusState, "open_page")
    with product.unit_of_work() as work:
        work.links.revoke(booked.appointment.id, (links.STATUS, *links.MAILED))

    visitor.send(StatusState, "show_panel", "move")

    assert visitor.see(StatusState).is_missing
