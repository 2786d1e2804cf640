"""Typed text is never lost unasked, and what somebody else does is told at once."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.pages.staff import BookingsPage
from tests.e2e.test_staff import Booked, book_for

pytestmark = pytest.mark.browser

MANAGER, AGENT = "tom@harbor.example", "dana@harbor.example"
AGENT_NAME = "Dana Whitfield"
QUESTION = "Discard your changes?"


@pytest.fixture
def booked(bank, desk) -> Booked:
    """An appointment of Dana's."""
    found = book_for(bank, desk, AGENT_NAME)
    assert desk.assign(found.id, desk.agents(found.id)[AGENT_NAME])
    return found


@pytest.fixture
def page(visitor, signed_in) -> Page:
    return visitor(width=1900, **signed_in(MANAGER))


def edit(page: Page, booked: Booked) -> Locator:
    """Open the appointment and its form; return the drawer."""
    bookings = BookingsPage(page)
    bookings.open("team", "day", booked.start.date())
    drawer = bookings.open_event(booked.name)
    drawer.get_by_role("button", name="Edit").click()
    expect(drawer.get_by_label("Name")).to_have_value(booked.name)
    return drawer


def question(page: Page) -> Locator:
    return page.get_by_role("alertdialog", name=QUESTION)


def test_typed_text_goes_only_when_somebody_says_so(page, booked, picture):
    drawer = edit(page, booked)
    name = drawer.get_by_label("Name")
    name.fill("Rosa Vega")

    name.press("Escape")
    expect(question(page)).to_be_visible()
    picture(page, "asked")
    expect(question(page).get_by_role("button", name="Keep editing")).to_be_focused()
    page.keyboard.press("Escape")
    expect(question(page)).to_be_hidden()
    expect(name).to_be_focused()
    for leaves in ("Close", "Back"):
        drawer.get_by_role("button", name=leaves, exact=True).first.click()
        expect(question(page)).to_be_visible()
        question(page).get_by_role("button", name="Keep editing").click()
    expect(name).to_have_value("Rosa Vega")

    name.press("Escape")
    question(page).get_by_role("button", name="Discard").click()
    expect(page.locator(".drawer")).to_have_count(0)


def test_stray_click_on_another_appointment_asks_first(page, booked):
    drawer = edit(page, booked)
    drawer.get_by_label("Name").fill("Rosa Vega")
    other = page.locator(".ec-event:not(.ec-bg-event)").filter(has_not_text=booked.name)

    other.first.click()
    expect(question(page)).to_be_visible()
    question(page).get_by_role("button", name="Keep editing").click()
    expect(drawer.get_by_label("Name")).to_have_value("Rosa Vega")

    other.first.click()
    question(page).get_by_role("button", name="Discard").click()
    expect(page.locator(".drawer h3", has_text="History")).to_be_visible()
    expect(page.get_by_label("Name", exact=True)).to_have_count(0)


def test_leaving_for_another_page_asks_and_goes_on(page, booked):
    drawer = edit(page, booked)
    drawer.get_by_label("Name").fill("Rosa Vega")

    page.get_by_role("link", name="Dashboard").click()
    expect(question(page)).to_be_visible()
    question(page).get_by_role("button", name="Discard").click()

    expect(page).to_have_url(re.compile("/dashboard"))


def test_nothing_typed_closes_at_once(page, booked):
    drawer = edit(page, booked)

    drawer.get_by_label("Name").press("Escape")

    expect(page.locator(".drawer")).to_have_count(0)


def test_open_form_is_told_of_somebody_elses_change_and_can_be_saved(
    page, desk, booked, picture
):
    drawer = edit(page, booked)
    drawer.get_by_label("Name").fill("Rosa Vega")

    desk.change(booked.id, notes="She calls back")

    told = drawer.get_by_role("alert").filter(has_text="Changed while you were here")
    expect(told).to_contain_text("changed it")
    expect(told).to_contain_text("Notes: She calls back instead of nothing")
    expect(drawer.get_by_label("Name")).to_have_value("Rosa Vega")
    picture(page, "told")
    drawer.get_by_role("button", name="Overwrite").click()
    saved = BookingsPage(page).drawer("Rosa Vega")
    expect(saved.get_by_text("She calls back")).to_be_visible()


def test_cancelled_while_it_is_edited_is_shown_and_cannot_be_saved(
    page, bank, booked, picture
):
    drawer = edit(page, booked)
    drawer.get_by_label("Name").fill("Rosa Vega")

    bank.cancel(booked.token)

    expect(drawer.locator(".tag")).to_contain_text("Cancelled")
    expect(drawer.get_by_text("Nothing can be saved any more.")).to_be_visible()
    expect(drawer.get_by_role("button", name=re.compile("^Save"))).to_have_count(0)
    expect(drawer.get_by_label("Name")).to_have_value("Rosa Vega")
    picture(page, "cancelled")


def test_what_somebody_else_did_while_it_was_dragged_is_not_overwritten(
    page, bank, desk, booked, picture
):
    bookings = BookingsPage(page)
    bookings.open("team", "day", booked.start.date())
    bookings.grab(booked.name)

    desk.change(booked.id, notes="She calls back")
    expect(page.locator(".side")).to_be_visible()
    page.mouse.up()

    refusal = page.get_by_role("alert").filter(has_text="Your action was not applied.")
    expect(refusal).to_contain_text("changed the notes")
    picture(page, "refused")
    assert bank.look(booked.token)["starts_at"] == _utc(booked)


def _utc(booked: Booked) -> str:
    return f"{booked.start - booked.start.utcoffset():%Y-%m-%dT%H:%M:%SZ}"


def test_agent_who_may_not_move_finds_nothing_to_grab(visitor, signed_in, page, booked):
    agents = visitor(width=1900, **signed_in(AGENT))
    theirs = BookingsPage(agents)
    theirs.open("me", "day", booked.start.date())
    expect(theirs.event(booked.name)).to_be_visible()
    expect(agents.locator(".ec-draggable")).to_have_count(0)
    expect(agents.locator(".ec-resizer")).to_have_count(0)

    ours = BookingsPage(page)
    ours.open("team", "day", booked.start.date())
    expect(page.locator(".ec-draggable").filter(has_text=booked.name)).to_have_count(1)
