# ruff: noqa: SLF001 - what a picker keeps to itself is what a request is made with
"""Where a browser says it is, and what it is set to; what can be typed to the limit."""

import pytest
from sqlmodel import select

from invo_booking.domain.contact import NOTES_LIMIT
from invo_booking.persistence.tables.core import AnswerRow, AppointmentRow
from invo_booking.web.core.site import SiteView
from invo_booking.web.customer.state import StatusState
from invo_booking.web.kit.picker.state import PickerState
from invo_booking.web.scheduler.contact_view import check_scheduler_contact
from invo_booking.web.scheduler.request_state import RequestState
from invo_booking.web.scheduler.state import ScheduleState
from invo_booking.web.scheduler.view import ContactView
from tests.web_public.test_public_flows import CONTACT, page_of

UNKNOWN = ["Etc/Unknown", "undefined", "+05:30", "", "\ud800", 7, None]


def offer_visits(bank):
    with bank.deps.unit_of_work() as work:
        row = work.session.get(AnswerRow, bank.answer_id)
        row.channels = ["video", "branch"]
        work.session.add(row)
        work.publish_roster_change()


@pytest.mark.parametrize("zone", UNKNOWN, ids=repr)
def test_browser_in_no_zone_is_shown_the_institutions(bank, visitor, zone):
    visitor.send(PickerState, "adopt_browser", zone, "en-US")
    visitor.reach_times(bank)

    assert visitor.see(PickerState).view.zone == "Chicago time (CST)"


@pytest.mark.parametrize("zone", UNKNOWN, ids=repr)
def test_browser_that_speaks_late_and_is_in_no_zone_changes_nothing(
    bank, visitor, zone
):
    visitor.reach_times(bank)
    visitor.send(PickerState, "adopt_browser", zone, "en-US")

    assert visitor.see(PickerState).view.zone == "Chicago time (CST)"


def test_visitor_who_chose_a_zone_keeps_it(bank, visitor):
    visitor.send(PickerState, "choose_zone", "Kiev")
    visitor.reach_times(bank)

    assert visitor.see(PickerState).view.zone == "Kyiv time (EET)"


@pytest.mark.parametrize(
    ("tag", "stored"),
    [
        ("en-US@posix", "en-US"),
        ("en-US-u-ca-gregory-hc-h23-nu-latn", "en-US"),
        ("en-GB-" + "x" * 5000, "en-GB"),
        ("undefined", "en-US"),
        ("\ud800", "en-US"),
        (7, "en-US"),
    ],
)
def test_request_is_taken_whatever_the_browser_is_set_to(
    product, bank, visitor, tag, stored
):
    visitor.begin(RequestState, bank)
    visitor.send(PickerState, "adopt_browser", "Etc/Unknown", tag)
    visitor.reach_times(bank)
    visitor.take_soonest()

    visitor.request()

    with product.unit_of_work() as work:
        assert work.session.exec(select(AppointmentRow)).one().customer_locale == stored


@pytest.mark.parametrize("zone", ["Etc/Unknown", "+05:30", 7, None])
def test_page_of_a_link_tells_the_customers_own_zone(product, bank, visitor, zone):
    assert product
    visitor.reach_details(bank)
    redirect = visitor.request()
    visitor.at(page_of(redirect))
    visitor.send(StatusState, "adopt_browser", zone, "en-US@posix")
    visitor.send(StatusState, "open_page")

    assert visitor.see(StatusState).visit.zone.startswith("Chicago time")


def test_notes_over_the_limit_are_told_at_the_details_step(bank, visitor):
    visitor.reach_details(bank)
    visitor.request(CONTACT | {"notes": "n" * 1500})

    assert visitor.see(ScheduleState).step == "details"
    assert visitor.see(RequestState).errors.notes == (
        "Please use at most 1000 characters."
    )
    visitor.send(RequestState, "check_field", "notes", "n" * NOTES_LIMIT)
    assert not visitor.see(RequestState).errors.notes


def test_phone_of_marks_alone_is_no_number():
    contact = ContactView(name="Ana", email="ana@example.com", phone="\u200b\u2060")

    assert "phone" in check_scheduler_contact(contact, SiteView(), "phone")


def test_times_of_a_visit_are_told_on_the_clock_of_the_branch(bank, visitor):
    offer_visits(bank)
    visitor.send(PickerState, "adopt_browser", "America/Los_Angeles", "en-US")
    visitor.reach_times(bank, channel="branch")
    visitor.send(PickerState, "choose_zone", "Kiev")

    picker = visitor.see(PickerState)
    assert picker.is_visit
    assert picker.view.zone == "Chicago time (CST)"
    assert picker.view.soonest.label.endswith("9:00 AM")
    visitor.pick_soonest()
    assert picker.view.picked_times.startswith("9:00 AM")
    assert picker._zone_of_visitor() == "Europe/Kyiv"


def test_clock_of_the_branch_stays_when_the_browser_speaks_late(bank, visitor):
    offer_visits(bank)
    visitor.reach_times(bank, channel="branch")
    visitor.send(PickerState, "adopt_browser", "America/Los_Angeles", "en-US")

    picker = visitor.see(PickerState)
    assert picker.view.zone == "Chicago time (CST)"
    assert picker.view.soonest.label.endswith("9:00 AM")
    assert picker._zone_of_visitor() == "America/Los_Angeles"


def test_call_instead_of_a_visit_is_told_on_the_visitors_own_clock(bank, visitor):
    offer_visits(bank)
    visitor.send(PickerState, "adopt_browser", "America/Los_Angeles", "en-US")
    visitor.reach_times(bank, channel="branch")
    visitor.reach_times(bank)

    assert visitor.see(PickerState).view.zone == "Los Angeles time (PST)"
