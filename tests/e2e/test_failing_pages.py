"""What people read when the browser's part of a page fails."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.pages.vendors import wait_for
from tests.e2e.pages.wire import State, change_state

pytestmark = pytest.mark.browser

MANAGER = "tom@harbor.example"
TOLD = "failed in a browser"


def reads_our_sentence(page: Page, back: str) -> None:
    notice = page.get_by_role("alert").filter(has_text="This page stopped working")
    expect(notice).to_be_visible()
    expect(notice).to_be_focused()
    expect(notice.get_by_role("button", name="Reload this page")).to_be_visible()
    expect(notice.get_by_role("link", name=back)).to_be_visible()
    expect(page.get_by_text("Built with")).to_have_count(0)
    expect(page.get_by_text("An error occurred")).to_have_count(0)


def turn_hours_round(state: State) -> None:
    """Make hours that the calendar cannot draw, as no server may ever send them."""
    if "grid" in state:
        state["grid"] |= {"first": "20:00", "last": "02:00"}


def spoil_the_name(state: State) -> None:
    """Let the institution be called something that is no text at all."""
    if "site" in state:
        state["site"] |= {"name": {"not": "a text"}}


def spoil_the_topics(state: State) -> None:
    """Let a topic be called something that is no text at all."""
    for topic in state.get("answers", []):
        topic["title"] = {"not": "a text"}


def logged(house) -> list[str]:
    if house.folder is None:
        pytest.skip("INVO_TEST_DATA_DIR does not say where the logs are")
    logs = house.folder.rglob("*.log")
    lines = [line for log in logs for line in log.read_text().splitlines()]
    return [line for line in lines if TOLD in line]


def test_calendar_that_cannot_be_drawn_says_so_and_leads_back(
    visitor, signed_in, house, picture
):
    page = visitor(**signed_in(MANAGER))
    change_state(page, "bookings_state", turn_hours_round)

    page.goto("/bookings?scope=me&view=week")

    reads_our_sentence(page, "Back to the calendar")
    picture(page, "staff")
    (line, *_) = wait_for(lambda: logged(house) or None)
    assert len(line) < 1_000
    page.get_by_role("navigation").get_by_role("link", name="Dashboard").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Tom")
    page.unroute_all()
    fine = visitor(**signed_in(MANAGER))
    fine.goto("/bookings?scope=me&view=week")
    expect(fine.locator(".ec")).to_be_visible()


@pytest.mark.parametrize("width", [1280, 320])
def test_main_part_that_cannot_be_drawn_leaves_what_is_around_it(
    visitor, picture, width
):
    page = visitor(width=width)
    change_state(page, "schedule_state", spoil_the_topics)

    page.goto("/schedule")

    reads_our_sentence(page, "Back to the start page")
    picture(page, f"part-{width}")
    page.get_by_role("banner").get_by_role("link").first.click()
    expect(page.get_by_role("link", name="Schedule a call")).to_be_visible()


def test_page_of_customers_that_cannot_be_drawn_says_so_and_leads_back(
    visitor, picture
):
    page = visitor(width=320)
    change_state(page, "schedule_state", spoil_the_name)

    page.goto("/schedule")

    reads_our_sentence(page, "Back to the start page")
    picture(page, "public")


@pytest.mark.parametrize(
    "broken",
    [
        {"status": 404, "body": ""},
        {"status": 200, "body": "<html>", "content_type": "text/javascript"},
    ],
    ids=["gone", "garbled"],
)
def test_part_that_does_not_load_is_told_on_pages_of_staff(visitor, signed_in, broken):
    page = visitor(**signed_in(MANAGER))
    page.route(
        re.compile(r"/assets/event_calendar-[^/]*\.js"),
        lambda route: route.fulfill(**broken),
    )

    page.goto("/bookings")

    reads_our_sentence(page, "Back to the calendar")


@pytest.mark.parametrize("path", ["/", "/schedule", "/sign-in"])
def test_script_that_does_not_load_is_told_on_pages_for_everybody(visitor, path):
    page = visitor(width=320)
    page.route(re.compile(r"/assets/entry\.client-[^/]*\.js"), lambda it: it.abort())

    page.goto(path)

    reads_our_sentence(page, "Back to the start page")
    page.unroute_all()
    page.get_by_role("button", name="Reload this page").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_text("This page stopped working")).to_have_count(0)


def test_settings_are_shown_whatever_stands_behind_the_address(visitor, signed_in):
    page = visitor(**signed_in("simone@harbor.example"))

    page.goto("/settings/time#%")

    expect(page.get_by_label("Max duration", exact=True)).to_be_visible()
    stopped = page.get_by_role("alert").filter(has_text="This page stopped working")
    expect(stopped).to_have_count(0)
