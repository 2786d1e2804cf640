"""What agents read when something about their own calendars does not work."""

import json
from datetime import timedelta

import pytest
from playwright.sync_api import CDPSession, Page, Route, expect

from tests.e2e.pages.personal import SLOW, PersonalPage
from tests.e2e.personal_scene import (
    AT_GOOGLE,
    AT_OUTLOOK,
    DANA,
    DAY,
    HOUR,
    Scene,
    scene,
    signed_in,
    visitor,
)
from tests.support import blocked_storage

__all__ = ["scene", "visitor"]
pytestmark = pytest.mark.browser

ACCOUNTS = "**/relay/*/account"
CLUB = "club@gmail.example"
BUSY, MANY = "busy@gmail.example", 100
NIGHT = timedelta(hours=4)


def opened(page: Page, scene: Scene) -> PersonalPage:
    """Open Me, and the panel of own calendars."""
    own = PersonalPage(page)
    own.open("me", "week", scene.day)
    own.open_panel()
    return own


def slow_provider(route: Route) -> None:
    problem = {"detail": "Google did not answer.", "code": "provider_down"}
    route.fulfill(
        status=503, body=json.dumps(problem), content_type="application/problem+json"
    )


def test_sign_in_that_could_not_be_finished_says_so_and_can_be_tried_again(
    scene, visitor, picture
):
    page = visitor(DANA)
    own = opened(page, scene)
    page.route(ACCOUNTS, slow_provider)

    own.panel.get_by_role("button", name="Sign in to Google calendar").click()
    own.accept_google(AT_GOOGLE, is_taken_over=False)
    told = page.get_by_role("alert").filter(has_text="Google did not answer.")
    expect(told).to_be_visible(timeout=SLOW)
    picture(page, "untaken")
    page.unroute(ACCOUNTS)
    told.get_by_role("button", name="Try again").click()

    expect(page.get_by_text("1 on")).to_be_visible(timeout=SLOW)
    expect(told).to_have_count(0)
    own.open("me", "week", scene.day)
    expect(own.own("Dentist")).to_have_count(1, timeout=SLOW)


def test_sign_in_that_is_over_before_it_is_finished_says_so(scene, visitor):
    page = visitor(DANA)
    own = opened(page, scene)
    page.route(ACCOUNTS, lambda it: it.abort())
    own.panel.get_by_role("button", name="Sign in to Google calendar").click()
    own.accept_google(AT_GOOGLE, is_taken_over=False)
    expect(page.get_by_role("alert").filter(has_text="reached")).to_be_visible(
        timeout=SLOW
    )
    scene.google.revoke(AT_GOOGLE)
    page.unroute(ACCOUNTS)

    page.reload()

    told = page.get_by_role("alert").filter(has_text="has ended")
    expect(told).to_be_visible(timeout=SLOW)
    told.get_by_role("button", name="Close").click()
    expect(told).to_have_count(0)


def test_provider_that_is_down_is_told_without_disturbing_the_page(
    scene, visitor, picture
):
    page = visitor(DANA)
    own = signed_in(page, scene)
    scene.google.misbehave("GET", "/calendars/*/events", times=None, status=500)

    own.open("me", "week", scene.day)
    notice = page.locator(".own-notice")
    expect(notice).to_contain_text("appointments are not affected", timeout=SLOW)
    expect(own.own("Compliance training")).to_have_count(1, timeout=SLOW)
    expect(own.own("Dentist")).to_have_count(0)
    picture(page, "down")
    scene.google.behave()
    notice.get_by_role("button", name="Try again").click()

    expect(own.own("Dentist")).to_have_count(1, timeout=SLOW)
    expect(notice).to_have_count(0)


def test_provider_that_does_not_forget_the_sign_in_is_told_of(scene, visitor, picture):
    page = visitor(DANA)
    own = opened(page, scene)
    own.sign_in_outlook(AT_OUTLOOK)
    expect(own.account("Outlook calendar")).to_be_visible(timeout=SLOW)
    own.sign_in_google(AT_GOOGLE)
    expect(own.account("Google calendar")).to_be_visible(timeout=SLOW)
    listed = own.panel.get_by_role("status").filter(has_text="still lists Invo Booking")

    own.account("Google calendar").get_by_role("button", name="Sign out").click()
    expect(own.account("Google calendar")).to_have_count(0, timeout=SLOW)
    expect(listed).to_have_count(0)
    own.account("Outlook calendar").get_by_role("button", name="Sign out").click()

    expect(listed).to_contain_text("signed out of your Outlook calendar", timeout=SLOW)
    picture(page, "listed")


def test_sixth_calendar_and_no_calendar_are_refused_in_words(scene, visitor, picture):
    names = [f"Club {number}" for number in range(1, 6)]
    for name in names:
        scene.google.add_calendar(name, CLUB)
    page = visitor(DANA)
    own = opened(page, scene)
    own.sign_in_google(CLUB)
    account = own.account("Google calendar")
    account.get_by_text("Calendars (1)").click(timeout=SLOW)
    refused = account.get_by_role("alert")

    for name in names[:4]:
        account.get_by_label(name).check()
    expect(refused).to_have_count(0)
    account.get_by_label(names[4]).click()
    expect(refused).to_contain_text("At most five")
    picture(page, "sixth")
    for name in names[:4]:
        account.get_by_label(name).uncheck()
    expect(refused).to_have_count(0)
    account.get_by_label(CLUB).click()

    expect(refused).to_contain_text("At least one")
    expect(account.get_by_label(CLUB)).to_be_checked()


@pytest.mark.parametrize("storage", [blocked_storage.FULL, blocked_storage.CLOSED])
def test_browser_that_stores_nothing_shows_events_and_says_so(scene, visitor, storage):
    page = visitor(DANA)
    page.add_init_script(storage)
    own = opened(page, scene)

    own.sign_in_google(AT_GOOGLE)

    told = page.get_by_role("alert").filter(has_text="does not store")
    expect(told).to_be_visible(timeout=SLOW)
    expect(own.own("Dentist")).to_have_count(1, timeout=SLOW)


def layouts(session: CDPSession) -> int:
    """Return how often the browser has laid the page out since it counts."""
    found = session.send("Performance.getMetrics")["metrics"]
    return next(int(it["value"]) for it in found if it["name"] == "LayoutCount")


def test_month_is_not_laid_out_anew_for_each_of_many_events(scene, visitor):
    first = scene.at(6, scene.day.replace(day=1))
    for number in range(MANY):
        start = first + number // 4 * DAY + number % 4 * HOUR
        scene.google.put(BUSY, start, start + HOUR, summary=f"Rehearsal {number}")
    page = visitor(DANA)
    own = opened(page, scene)
    own.sign_in_google(BUSY)
    expect(page.get_by_text("1 on")).to_be_visible(timeout=SLOW)
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/relay/*/events*", hold)
    with page.expect_request("**/relay/*/events*"):
        own.open("me", "month", scene.day)
    expect(page.locator(".ec-event").first).to_be_visible(timeout=SLOW)
    counting = page.context.new_cdp_session(page)
    counting.send("Performance.enable")
    before = layouts(counting)

    for route in held.copy():
        route.continue_()
    expect(own.own("Rehearsal")).to_have_count(MANY, timeout=SLOW)

    assert layouts(counting) - before < MANY / 2


def test_event_over_midnight_is_drawn_on_both_days(scene, visitor, picture):
    night = scene.at(22)
    scene.google.put(CLUB, night, night + NIGHT, summary="Night watch")
    page = visitor(DANA)
    own = opened(page, scene)
    own.sign_in_google(CLUB)
    expect(page.get_by_text("1 on")).to_be_visible(timeout=SLOW)

    own.open("me", "week", scene.day)
    expect(own.own("Night watch")).to_have_count(2, timeout=SLOW)
    hour = page.locator(".ec").get_by_text("15:00", exact=True).first
    expect(hour).to_be_in_viewport()
    picture(page, "night")
    own.open("me", "day", scene.day + DAY)
    expect(own.own("Night watch")).to_have_count(1, timeout=SLOW)
