"""The steps of the scheduler in the browser: addresses, presses, keys, phones."""

import re
from datetime import datetime

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.pages.bank import Bank, somebody
from tests.e2e.pages.line import HeldLine
from tests.e2e.pages.public import LandingPage, SchedulePage
from tests.e2e.pages.status import StatusPage
from tests.support import blocked_storage

pytestmark = [pytest.mark.browser, pytest.mark.warm]

TOPIC = "Mortgage advice"
MOST_PRESSES = 6
MOST_STOPS = 12
"""Tab stops from the heading of a step to its primary action."""


def fill_up(bank: Bank, start: datetime) -> None:
    """Take every place that is left at a time, each for somebody else."""
    while start in bank.open_starts(TOPIC):
        name, email = somebody()
        bank.ask(TOPIC, start, name=name, email=email)


def heading(page: Page, words: str) -> None:
    expect(page.get_by_role("heading", level=1, name=words)).to_be_visible()


def alert(page: Page) -> Locator:
    return page.get_by_role("main").get_by_role("alert")


def topics(page: Page) -> None:
    heading(page, "What would you like to talk about?")


def times(page: Page) -> None:
    heading(page, "Choose a day and time")


def details(page: Page) -> None:
    heading(page, "How can we reach you?")


def test_back_and_forward_go_through_the_steps_and_never_leave_them(house, visitor):
    page = visitor()
    schedule = LandingPage(page, house.url).open().schedule()
    schedule.choose_topic(TOPIC)
    schedule.choose_how("Phone call")
    picked = schedule.pick_first_slot()

    page.go_back()
    times(page)
    expect(page.locator(".times .slot[aria-pressed=true]")).to_have_count(1)
    expect(page.get_by_role("button", name="Phone call")).to_have_attribute(
        "aria-pressed", "true"
    )
    page.go_back()
    topics(page)
    page.go_forward()
    times(page)
    page.go_forward()
    details(page)

    assert schedule.choice() == picked
    page.go_back()
    page.go_back()
    page.go_back()
    expect(page.get_by_role("link", name="Schedule a call")).to_be_visible()


def test_step_is_never_shown_before_its_address_so_back_skips_none(house, visitor):
    page = visitor()
    line = HeldLine(page).lay()
    schedule = SchedulePage(page, house.url).open()
    schedule.choose_topic(TOPIC)
    times(page)
    at_times = page.url

    line.word = "_redirect"
    page.locator(".times .slot").first.click()
    line.draw_until_held()

    times(page)
    assert page.url == at_times
    line.release()
    details(page)
    assert "time=" in page.url
    page.go_back()
    times(page)
    assert page.url == at_times


def test_address_of_the_form_works_in_another_browser_and_after_a_reload(
    house, visitor
):
    page, other = visitor(), visitor()
    schedule = SchedulePage(page, house.url).open()
    schedule.choose_topic(TOPIC)
    picked = schedule.pick_first_slot()

    page.reload()
    details(page)
    other.goto(page.url)
    details(other)

    assert schedule.choice() == picked
    assert SchedulePage(other, house.url).choice() == picked


def test_form_is_sent_from_a_page_whose_state_is_gone(house, visitor):
    page = visitor()
    schedule = SchedulePage(page, house.url).open()
    schedule.choose_topic(TOPIC)
    schedule.pick_first_slot()
    page.evaluate("sessionStorage.clear()")
    page.reload()
    details(page)
    name, email = somebody()

    schedule.leave_contact(name=name, email=email)

    assert schedule.request().state() == "Not confirmed yet"


@pytest.mark.parametrize("storage", [blocked_storage.FULL, blocked_storage.CLOSED])
def test_browser_that_stores_nothing_books(house, visitor, storage):
    page = visitor()
    page.add_init_script(storage)
    schedule = SchedulePage(page, house.url).open()
    schedule.choose_topic(TOPIC)
    schedule.pick_first_slot()
    name, email = somebody()
    schedule.leave_contact(name=name, email=email)

    assert schedule.request().state() == "Not confirmed yet"


def test_what_was_typed_outlives_the_state_of_the_page_but_not_the_request(
    house, visitor
):
    page = visitor()
    schedule = SchedulePage(page, house.url).open()
    schedule.choose_topic(TOPIC)
    schedule.pick_first_slot()
    details(page)
    name, email = somebody()
    schedule.leave_contact(name=name, email=email)
    page.evaluate("sessionStorage.removeItem('token')")  # the server's key to its state
    page.reload()
    details(page)
    expect(page.get_by_label("Full name")).to_have_value(name)
    expect(page.get_by_label("E-mail address")).to_have_value(email)

    assert schedule.request().state() == "Not confirmed yet"

    assert page.evaluate("sessionStorage.getItem('contact')") is None


@pytest.mark.parametrize(
    ("choice", "step", "sentence"),
    [
        ("?answer=nothing", topics, "cannot be booked any more"),
        ("?answer={topic}&language=xx", times, "language of your link"),
        ("?answer={topic}&time=2020-01-01T10:00Z", times, "no longer free"),
    ],
)
def test_link_that_cannot_be_followed_leads_to_the_right_step_with_a_sentence(
    house, visitor, bank, choice, step, sentence
):
    page = visitor()

    SchedulePage(page, house.url).open(choice.format(topic=bank.topic(TOPIC)))

    step(page)
    expect(alert(page).filter(has_text=sentence)).to_be_visible()


def test_time_that_others_book_is_told_at_each_step(house, visitor, bank):
    page = visitor()
    schedule = SchedulePage(page, house.url).open()
    schedule.choose_topic(TOPIC)
    start = bank.calm_start(TOPIC)
    schedule.pick(start)
    form = page.url

    fill_up(bank, start)
    page.reload()
    times(page)
    expect(alert(page).filter(has_text="no longer free")).to_be_visible()
    schedule.pick_first_slot()

    assert page.url != form
    details(page)


def test_six_presses_and_two_fields_lead_from_the_landing_page_to_the_request(
    house, visitor
):
    page = visitor()
    presses: list[str] = []

    def note_press(words: str) -> None:
        presses.append(words)

    page.expose_function("notePress", note_press)
    page.add_init_script(
        "addEventListener('click', (event) => event.isTrusted && "
        "notePress(event.target.closest('a, button')?.innerText ?? 'field'), true)"
    )
    name, email = somebody()

    schedule = LandingPage(page, house.url).open().schedule()
    schedule.choose_topic(TOPIC)
    schedule.pick_first_slot()
    page.get_by_label("Full name").fill(name)
    page.get_by_label("E-mail address").fill(email)
    status = schedule.request()

    assert status.state() == "Not confirmed yet"
    assert len(presses) + 2 <= MOST_PRESSES, presses


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (390, 844), (320, 640)])
def test_primary_action_is_on_the_screen_at_every_step(house, visitor, width, height):
    page = visitor(width=width)
    page.set_viewport_size({"width": width, "height": height})
    schedule = SchedulePage(page, house.url).open()
    expect(page.locator(".topic").first).to_be_in_viewport()

    schedule.choose_topic(TOPIC)
    soonest = page.get_by_role("button", name="Next available")
    expect(soonest).to_be_in_viewport()
    soonest.click()

    button = page.get_by_role("button", name="Request appointment")
    expect(button.locator("visible=true")).to_be_in_viewport(ratio=1)
    overhang = page.evaluate(
        "document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth"
    )
    assert overhang == 0


def test_times_of_a_day_come_to_who_picks_it_on_a_phone(house, visitor, picture):
    page = visitor(width=390, has_touch=True)
    schedule = SchedulePage(page, house.url).open()
    schedule.choose_topic(TOPIC)
    day = page.locator("button.day[aria-pressed=false]").first

    day.click()

    heading = page.locator("#times")
    expect(heading).to_be_focused()
    expect(heading).to_be_in_viewport()
    expect(page.locator(".times .slot").first).to_be_in_viewport()
    picture(page, "times")


def test_times_stand_beside_the_month_where_there_is_room(house, visitor):
    page = visitor(width=900)
    schedule = SchedulePage(page, house.url).open()
    schedule.choose_topic(TOPIC)
    schedule.free_times()

    month, times = page.locator(".month"), page.locator(".times")

    assert times.bounding_box()["x"] > month.bounding_box()["x"] + 250
    assert times.bounding_box()["y"] < month.bounding_box()["y"] + 50


def test_few_tab_stops_lead_to_the_primary_action(house, visitor):
    page = visitor()
    schedule = SchedulePage(page, house.url).open()
    schedule.choose_topic(TOPIC)
    times(page)

    soonest = page.get_by_role("button", name="Next available")

    assert schedule.stops_to(soonest) <= MOST_STOPS


def test_press_shows_before_the_server_answers(house, visitor):
    page = visitor()
    schedule = SchedulePage(page, house.url).open()
    schedule.choose_topic(TOPIC)
    chip = page.get_by_role("button", name=re.compile("^Phone call"))
    color = "getComputedStyle(it).backgroundColor"

    before = chip.evaluate(f"it => {color}")
    at_once = chip.evaluate(f"it => {{ it.click(); return {color} }}")

    assert at_once != before
    expect(chip).to_have_attribute("aria-pressed", "true")


def test_day_that_is_shown_already_may_be_pressed_again(house, visitor):
    page = visitor()
    schedule = SchedulePage(page, house.url).open()
    schedule.choose_topic(TOPIC)
    schedule.free_times()

    page.locator("button.day[aria-pressed=true]").click()
    page.locator(".times .slot:enabled").first.click()

    details(page)


def test_move_opens_at_the_present_time_and_marks_it(house, visitor, bank, picture):
    name, email = somebody()
    start = bank.open_starts(TOPIC)[-1]
    token = bank.request(TOPIC, start, name=name, email=email)
    bank.confirm(token)
    page = visitor()
    StatusPage(page).open(f"{house.url}/a/{token}")

    page.get_by_role("button", name="Choose another time").click()

    mark = page.locator(".times .slot:disabled").filter(has_text="your time now")
    expect(mark).to_contain_text(f"{start:%-I:%M}")
    expect(page.locator("#times")).to_contain_text(f"{start:%B} {start.day}")
    picture(page, "move")
