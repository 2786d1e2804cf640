"""Presses on what has gone since the page showed it."""
# ruff: noqa: SLF001 - stands in for Reflex, which calls what is private to it

import asyncio

from invo_booking.domain.contact import Requirement
from invo_booking.persistence.tables.core import AppointmentRow
from invo_booking.settings.general import CONTACT_REQUIREMENT, PUBLIC_SCHEDULING
from invo_booking.web.kit.picker.search import picker_instant
from invo_booking.web.kit.picker.state import PickerState
from invo_booking.web.landing.state import LandingState
from invo_booking.web.scheduler.request_state import RequestState
from invo_booking.web.scheduler.state import ScheduleState
from tests.web_public.test_public_flows import book, rows


def test_start_that_is_gone_when_it_is_pressed_says_so(product, bank, visitor):
    visitor.begin(RequestState, bank)
    visitor.reach_times(bank)
    key = visitor.see(PickerState).view.soonest.key
    book(product, bank, picker_instant(int(key)))
    visitor.send(PickerState, "refresh_day")

    visitor.send(ScheduleState, "take_start", key)

    schedule = visitor.see(ScheduleState)
    assert schedule.step == "when"
    assert "no longer free" in schedule.problem


def test_landing_page_loses_its_topics_while_booking_is_switched_off(
    product, bank, visitor
):
    bank.topic("Loans")
    visitor.send(LandingState, "open_page")
    assert visitor.see(LandingState).topics
    bank.set(PUBLIC_SCHEDULING, "off")

    asyncio.run(visitor.see(LandingState)._refresh())

    assert visitor.see(LandingState).topics == []
    assert rows(product, AppointmentRow) == 0


def test_field_that_is_required_meanwhile_is_focused(product, bank, visitor):
    visitor.reach_details(bank)
    bank.set(CONTACT_REQUIREMENT, Requirement.BOTH.value)

    focused = visitor.request()

    assert "phone" in str(focused.args)
    assert visitor.see(RequestState).errors.phone
    assert rows(product, AppointmentRow) == 0
