"""The page of a customer at the limit: what it says, and what its events do."""

import json
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from invo_booking.domain.appointment import Channel, Status
from invo_booking.settings import general
from invo_booking.usecases.booking import booking, limit_resolution
from invo_booking.usecases.shared import links
from invo_booking.web.customer.state import StatusState
from invo_booking.web.kit.text import times
from invo_booking.web.limit.state import LimitState
from invo_booking.web.limit.view import limit_view
from tests.support.bank import at, confirm
from tests.web_public.test_public_flows import CONTACT, page_of

CHICAGO = times.browser_zone_of("America/Chicago")
ELSEWHERE = (
    "These appointments cannot be cancelled here, because they have begun or were made "
    "with another "
    "e-mail address. Please call us."
)
BRITISH = times.locale_of("en-GB")


def book(bank, starts_at, **more):
    return booking.request_appointment(
        bank.deps, bank.request(starts_at, **more), idempotency_key=uuid4().hex
    )


@pytest.fixture
def earlier(product, bank):
    """Two appointments, which is as many as allowed."""
    bank.set(general.MOST_IN_TOTAL, "2")
    made = [book(bank, at(10, days=day)) for day in (1, 2)]
    for one in made:
        confirm(product, one.token)
    return [one.appointment.id for one in made]


@pytest.fixture
def held(bank, earlier):
    assert earlier
    return book(bank, at(14))


def mailed_page(product, held):
    secret = links.mailed_token(product, held.appointment, links.PROOF)
    return f"/a/{secret}/limit"


def open_mail(visitor, product, held):
    visitor.at(mailed_page(product, held))
    visitor.send(LimitState, "open_page")
    visitor.send(LimitState, "adopt_browser", "America/Chicago", "en-GB")


def view(visitor):
    return visitor.see(LimitState).view


def status(product, appointment_id):
    with product.unit_of_work() as work:
        return work.appointments.get(appointment_id).status


def test_page_names_what_is_held_and_what_could_go(visitor, product, held):
    open_mail(visitor, product, held)

    shown = view(visitor)
    assert shown.heading == "You already have 2 appointments"
    assert shown.lede == (
        "That is the most you can have at a time. Cancel one of them to go on."
    )
    assert (shown.topic, shown.day, shown.clock) == (
        "Mortgage advice",
        "Monday 23 November",
        "14:00",
    )
    assert shown.until == "08:30"
    assert [(it.day, it.clocks, it.picked) for it in shown.options] == [
        ("Tuesday 24 November", "10:00 to 10:30", False),
        ("Wednesday 25 November", "10:00 to 10:30", False),
    ]
    assert shown.keep == "Keep both and stop here"


def test_opening_and_choosing_cancels_nothing(visitor, product, held, earlier):
    open_mail(visitor, product, held)

    visitor.send(LimitState, "choose_appointment", str(earlier[1]))
    visitor.send(LimitState, "refresh_page")

    assert view(visitor).picked.key == str(earlier[1])
    assert {status(product, it) for it in earlier} == {Status.CONFIRMED}
    assert status(product, held.appointment.id) is Status.REQUESTED


def test_pressing_cancels_the_chosen_one_and_leads_to_the_new_one(
    visitor, product, held, earlier
):
    open_mail(visitor, product, held)
    visitor.send(LimitState, "choose_appointment", str(earlier[1]))

    redirect = visitor.send(LimitState, "swap_appointments")

    led_to = json.dumps(redirect.args, default=str)
    assert f"/a/{held.token}?done=confirmed" in led_to
    assert status(product, earlier[0]) is Status.CONFIRMED
    assert status(product, earlier[1]) is Status.CANCELLED
    assert status(product, held.appointment.id) is Status.CONFIRMED


def test_choice_that_was_never_offered_changes_nothing(visitor, product, held, earlier):
    open_mail(visitor, product, held)

    visitor.send(LimitState, "choose_appointment", str(uuid4()))

    assert earlier
    assert view(visitor).picked.key == ""


def test_nothing_is_cancelled_before_one_is_chosen(visitor, product, held, earlier):
    open_mail(visitor, product, held)

    visitor.send(LimitState, "swap_appointments")

    assert {status(product, it) for it in earlier} == {Status.CONFIRMED}
    assert status(product, held.appointment.id) is Status.REQUESTED


def test_keeping_all_says_that_nothing_was_changed(visitor, product, held, earlier):
    open_mail(visitor, product, held)

    visitor.send(LimitState, "give_back_time")

    assert view(visitor).heading == "You keep what you had"
    assert {status(product, it) for it in earlier} == {Status.CONFIRMED}
    assert status(product, held.appointment.id) is Status.CANCELLED


def test_time_that_is_gone_is_said_to_be_gone(visitor, product, held, earlier, clock):
    open_mail(visitor, product, held)
    clock.now = held.confirm_by

    visitor.send(LimitState, "swap_appointments")

    assert view(visitor).heading == "We no longer hold this time"
    assert view(visitor).options == []
    assert "given back" in visitor.see(LimitState).problem
    assert {status(product, it) for it in earlier} == {Status.CONFIRMED}


@pytest.mark.parametrize(
    "event", ["open_page", "refresh_page", "swap_appointments", "give_back_time"]
)
def test_link_that_opens_nothing_shows_nothing(visitor, held, event):
    visitor.at(f"/a/{held.token}/limit")

    visitor.send(LimitState, event)

    assert visitor.see(LimitState).is_missing
    assert view(visitor).options == []


def test_scheduler_holds_the_time_and_says_no_word_of_other_appointments(
    visitor, product, bank, earlier
):
    assert earlier
    contact = CONTACT | {"email": "rosa@example.com"}
    visitor.reach_details(bank)

    visitor.at(page_of(visitor.request(contact)))
    visitor.send(StatusState, "open_page")

    shown = visitor.see(StatusState).visit
    assert not shown.over_limit
    assert shown.is_waiting
    assert product


def prompt_with(product, held, **changes):
    secret = links.mailed_token(product, held.appointment, links.PROOF)
    found = limit_resolution.read_limit_prompt(product, secret)
    fields = {name: getattr(found, name) for name in found.__slots__}
    return limit_resolution.LimitPrompt(**(fields | changes))


@pytest.mark.parametrize(
    ("changes", "heading", "lede", "keep"),
    [
        (
            {"count": 1, "allowed": 1},
            "You already have an appointment",
            "That is the most you can have at a time. Cancel it to go on.",
            "Keep it and stop here",
        ),
        (
            {"count": 3, "allowed": 3, "per_day": True},
            "You already have 3 appointments on that day",
            "That is the most you can have on one day. Cancel one of them to go on.",
            "Keep all and stop here",
        ),
        (
            {"count": 3, "allowed": 2},
            "You already have 3 appointments",
            "You can have 2 at a time, so more than one has to go.",
            "Keep all and stop here",
        ),
        (
            {"count": 1, "allowed": 1, "is_overlap": True},
            "You already have an appointment at that time",
            "Both appointments are at the same time. To go on, cancel the earlier one.",
            "Keep it and stop here",
        ),
        (
            {"earlier": ()},
            "You already have 2 appointments",
            ELSEWHERE,
            "Keep both and stop here",
        ),
    ],
)
def test_words_fit_the_limit(product, held, changes, heading, lede, keep):
    shown = limit_view(prompt_with(product, held, **changes), "", CHICAGO, BRITISH)

    assert (shown.heading, shown.lede, shown.keep) == (heading, lede, keep)


def test_hold_that_ends_on_another_day_says_which(product, held):
    prompt = prompt_with(product, held)
    longer = replace(prompt.held, confirm_by=prompt.seen_at + timedelta(days=1))

    shown = limit_view(replace(prompt, held=longer), "", CHICAGO, BRITISH)

    assert shown.until == "Tue 24 Nov, 08:00"


def test_visit_in_the_way_is_told_on_the_clock_of_the_branch(product, held):
    call = prompt_with(product, held)
    visit = replace(call.earlier[0], channel=Channel.BRANCH)
    tokyo = times.browser_zone_of("Asia/Tokyo")

    page = limit_view(replace(call, earlier=(visit,)), "", tokyo, BRITISH)
    (in_chicago,) = limit_view(call, "", CHICAGO, BRITISH).options[:1]
    assert page.zone.startswith("Tokyo")
    assert page.options[0].clocks == f"{in_chicago.clocks} CST"
    held_visit = replace(call, held=replace(call.held, channel=Channel.BRANCH))
    assert limit_view(held_visit, "", tokyo, BRITISH).zone == "Chicago time (CST)"
