"""The address of the scheduler: what it holds, and what becomes of what cannot be."""
# ruff: noqa: SLF001 - fixtures are named as they are imported; what a state keeps to itself is looked at

from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invo_booking.domain.appointment import Channel
from invo_booking.persistence.tables.core import AnswerRow, AppointmentRow, QueueRow
from invo_booking.settings.general import PUBLIC_SCHEDULING
from invo_booking.usecases.booking import booking
from invo_booking.web.core import routes
from invo_booking.web.customer.state import StatusState
from invo_booking.web.kit.picker.search import picker_instant
from invo_booking.web.kit.picker.state import PickerState
from invo_booking.web.scheduler.address import (
    ScheduleChoice,
    read_schedule_choice,
    schedule_address,
    schedule_minutes,
    schedule_time,
)
from invo_booking.web.scheduler.plan import (
    preferred_schedule_channel,
)
from invo_booking.web.scheduler.request_state import RequestState
from invo_booking.web.scheduler.state import ScheduleState
from tests.web_public.test_public_flows import (
    CONTACT,
    Visitor,
    book,
    page_of,
    request,
    rows,
)


def change_answer(product, bank, **changes):
    with product.unit_of_work() as work:
        answer = work.session.get_one(AnswerRow, bank.answer_id)
        for name, value in changes.items():
            setattr(answer, name, value)
        work.publish_roster_change()


def step(visitor):
    return visitor.see(ScheduleState).step


def problem(visitor):
    return visitor.see(ScheduleState).problem


def test_address_of_each_step_leads_to_the_same_step_in_another_browser(bank, visitor):
    visitor.reach_details(bank)
    picked = visitor.see(PickerState).view.picked
    page, other = visitor.page(), Visitor()

    other.send(PickerState, "adopt_browser", "America/Chicago", "en-GB")
    other.open(page)

    assert "time=" in page
    assert step(other) == "details"
    assert other.see(PickerState).view.picked == picked


def test_back_leads_from_step_to_step_and_forward_again(bank, visitor):
    visitor.reach_details(bank)
    details, times = visitor.page(), visitor.see(ScheduleState).previous

    visitor.open(times)
    assert step(visitor) == "when"
    assert visitor.see(PickerState).view.picked, "the time stays picked"
    topics = visitor.see(ScheduleState).topic_page
    visitor.open(details)
    assert step(visitor) == "details"

    assert topics in ("", routes.SCHEDULE + "?language=en&channel=video")


def test_page_whose_state_was_lost_requests_what_its_address_says(
    product, bank, visitor
):
    visitor.reach_details(bank)
    page, other = visitor.page(), Visitor()
    other.at(page)
    other.begin(RequestState, bank)

    redirect = other.request()

    assert redirect is not None
    assert rows(product, AppointmentRow) == 1


def test_press_on_a_page_whose_state_was_lost_goes_on_from_its_address(bank, visitor):
    visitor.reach_times(bank)
    soonest = visitor.see(PickerState).view.soonest.key
    other = Visitor()
    other.at(visitor.page())

    other.send(ScheduleState, "take_start", soonest)

    assert step(other) == "details"


def test_day_pressed_on_a_page_whose_state_was_lost_changes_nothing(visitor):
    before = visitor.see(PickerState).view

    visitor.send(PickerState, "choose_day", "2026-11-25")

    assert visitor.see(PickerState).view == before


@pytest.mark.parametrize("answer", ["x", str(UUID(int=1)), "' OR 1=1"])
def test_unknown_topic_leads_to_the_topics_with_a_sentence(visitor, answer, bank):
    visitor.reach_times(bank, answer=answer)

    assert step(visitor) == "topic"
    assert "cannot be booked any more" in problem(visitor)


@pytest.mark.parametrize(
    ("part", "sentence"),
    [({"language": "xx"}, "language"), ({"channel": "pigeon"}, "way")],
)
def test_impossible_language_or_way_is_replaced_and_told(bank, visitor, part, sentence):
    visitor.reach_details(bank)
    time = visitor.page().partition("time=")[2]

    visitor.reach_times(bank, time=time.replace("%3A", ":"), **part)

    schedule = visitor.see(ScheduleState)
    assert schedule.step == "when"
    assert sentence in schedule.problem
    assert schedule._choice.language == "en"
    assert schedule._choice.channel == "video"


@pytest.mark.parametrize(
    "time",
    ["2020-01-01T10:00Z", "2026-13-45T99:99Z", "x", "1", "2099-12-31T23:59Z", "٢٠٢٦"],
)
def test_time_that_is_not_free_leads_to_the_times_with_a_sentence(bank, visitor, time):
    visitor.reach_times(bank, time=time)

    assert step(visitor) == "when"
    assert "no longer free" in problem(visitor)
    assert not visitor.see(PickerState).view.picked
    assert visitor.see(PickerState).view.any


def test_time_others_booked_leads_to_its_day_with_a_sentence(product, bank, visitor):
    visitor.reach_details(bank)
    start = picker_instant(visitor.see(PickerState)._search.picked)
    page, other = visitor.page(), Visitor()
    book(product, bank, start)

    other.open(page)

    assert step(other) == "when"
    assert "no longer free" in problem(other)
    assert other.see(PickerState).view.day


def test_closed_scheduling_says_so_at_every_address(bank, visitor):
    visitor.reach_details(bank)
    bank.set(PUBLIC_SCHEDULING, "off")

    visitor.open(visitor.page())

    schedule = visitor.see(ScheduleState)
    assert not schedule.site.is_open
    assert visitor.request() is None


def test_topic_closed_meanwhile_leads_to_the_topics(product, bank, visitor):
    visitor.reach_details(bank)
    change_answer(product, bank, schedulable=False)

    visitor.open(visitor.page())

    assert step(visitor) == "topic"


def test_another_language_or_way_stays_on_the_step(product, bank, visitor):
    change_answer(product, bank, languages=["en", "es"], channels=["video", "phone"])
    bank.agent("Pia", languages=("en", "es"))
    visitor.reach_times(bank)

    redirect = visitor.send(ScheduleState, "choose_channel", "phone")

    assert {str(k): str(v) for k, v in redirect.args}["replace"] == "true"
    assert "channel=phone" in visitor.page()
    visitor.send(ScheduleState, "choose_language", "es")
    assert "language=es" in visitor.page()
    assert step(visitor) == "when"
    assert visitor.send(ScheduleState, "choose_language", "xx") is None


def test_chosen_adviser_is_kept_in_the_address(product, bank, visitor):
    zoe = bank.agent("Zoe")
    with product.unit_of_work() as work:
        work.session.get_one(QueueRow, bank.queue_id).assignment = "chosen"
        work.publish_roster_change()
    visitor.reach_times(bank)
    visitor.send(PickerState, "choose_adviser", str(zoe.id))
    visitor.take_soonest()
    other = Visitor()

    other.open(visitor.page())

    assert f"agent={zoe.id}" in visitor.page()
    assert step(other) == "details"
    assert other.see(PickerState).adviser == "Zoe"


def test_second_press_after_the_answer_leads_to_the_same_page(product, bank, visitor):
    visitor.reach_details(bank)

    first, second = visitor.request(), visitor.request()

    assert page_of(first) == page_of(second) != ""
    assert rows(product, AppointmentRow) == 1


def test_page_whose_answer_was_lost_leads_to_the_request_that_was_made(
    product, bank, visitor
):
    visitor.reach_details(bank)
    page = page_of(visitor.request())

    again = visitor.send(RequestState, "open_form")  # as a page does that reconnects

    assert page_of(again) == page != ""
    assert rows(product, AppointmentRow) == 1


def die_before_the_page_is_stored(product, visitor, bank):
    """Make the request of the form, and leave the page as it was before."""
    start = picker_instant(visitor.see(PickerState)._search.picked)
    key = visitor.see(RequestState)._key
    booking.request_appointment(product, request(bank, start), idempotency_key=key)


@pytest.mark.parametrize("agents", [1, 2])
def test_request_of_a_process_that_died_is_found_again_when_the_page_is_back(
    product, bank, visitor, agents
):
    """With a second agent the time is still free, otherwise it is gone."""
    for name in ("Zoe",)[: agents - 1]:
        bank.agent(name)
    visitor.reach_details(bank)
    die_before_the_page_is_stored(product, visitor, bank)

    visitor.send(ScheduleState, "open_page")
    back = visitor.send(RequestState, "open_form")

    assert page_of(back).startswith("/a/")
    assert rows(product, AppointmentRow) == 1


def test_press_before_the_page_is_loaded_again_leads_there_too(product, bank, visitor):
    visitor.reach_details(bank)
    die_before_the_page_is_stored(product, visitor, bank)
    visitor.send(ScheduleState, "open_page")

    pressed = visitor.request()

    assert page_of(pressed).startswith("/a/")
    assert rows(product, AppointmentRow) == 1


def test_who_comes_back_later_can_request_again(product, bank, visitor):
    visitor.reach_details(bank)
    visitor.at(page_of(visitor.request()))
    visitor.send(StatusState, "open_page")
    bank.clock.advance(timedelta(minutes=1))

    visitor.reach_details(bank)
    visitor.request(CONTACT | {"email": "other@example.com"})

    assert rows(product, AppointmentRow) == 2


def test_video_is_preselected_where_it_is_offered():
    assert preferred_schedule_channel((Channel.PHONE, Channel.VIDEO)) == "video"
    assert preferred_schedule_channel((Channel.BRANCH, Channel.PHONE)) == "branch"


@given(st.integers(min_value=16_000_000, max_value=68_000_000))
def test_time_in_the_address_is_the_same_instant(minutes):
    assert schedule_minutes(schedule_time(minutes)) == minutes


@given(
    st.builds(ScheduleChoice, answer=st.text(max_size=60), time=st.text(max_size=60))
)
def test_address_is_read_as_it_was_written(choice):
    bank_page = Visitor()
    try:
        bank_page.at(schedule_address(choice))
    except UnicodeEncodeError:  # half characters are in no address
        return

    assert read_schedule_choice(bank_page.root.router.url.query_parameters) == choice
