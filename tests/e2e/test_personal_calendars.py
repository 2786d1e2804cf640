"""Agents' own calendars: signed in to, shown beside appointments, and signed out of."""

import re

import psutil
import pytest
from playwright.sync_api import expect

from tests.e2e.pages.inspector import Inspector
from tests.e2e.pages.personal import SLOW, PersonalPage
from tests.e2e.personal_scene import (
    AT_GOOGLE,
    AT_OUTLOOK,
    DANA,
    ELENA,
    scene,
    signed_in,
    visitor,
)
from tests.privacy.haystack import places_of
from tests.privacy.open_pages import traces_of_open_pages

__all__ = ["scene", "visitor"]
pytestmark = pytest.mark.browser

NARROW = 640
"""Pixels up to which the page is a list."""

SHOWN = ("Book fair", "Choir", "Compliance training", "Guitar lesson", "Surgery")
"""Titles of events that nothing else in the demo has."""


def test_agent_signs_in_to_both_and_sees_both_beside_appointments(
    scene, visitor, picture
):
    page = visitor(DANA)
    inspector = Inspector(page, scene.house.url)
    own = signed_in(page, scene)

    for span in ("week", "day"):
        own.open("me", span, scene.day)
        expect(own.own("Dentist")).to_have_count(1, timeout=SLOW)
        expect(own.own("Compliance training")).to_have_count(1, timeout=SLOW)
        expect(own.own("Private")).to_have_count(1)
        expect(own.own("<b>Choir</b>")).to_have_count(1)
        expect(own.own("Book fair")).to_have_count(1)
        expect(own.own("Guitar lesson")).to_have_count(0)
        picture(page, f"me-{span}")
    assert inspector.barriers() == []
    own.open("me", "month", scene.day)
    expect(own.own("Book fair")).not_to_have_count(0, timeout=SLOW)
    own.open("me", "list", scene.day)
    expect(own.own_in_list("Dentist")).to_have_count(1, timeout=SLOW)
    expect(own.own_in_list("Book fair")).to_have_count(2)
    expect(own.own_in_list("Compliance training")).to_have_count(1, timeout=SLOW)
    expect(own.own_in_list("Dentist")).to_have_attribute(
        "href", re.compile(r"^https://www\.google\.com/")
    )
    expect(page.get_by_text("Surgery")).to_have_count(0)
    assert inspector.barriers() == []


def test_own_events_are_on_team_and_queues_by_choice_and_for_nobody_else(
    scene, visitor, picture
):
    page, colleague = visitor(DANA), visitor(ELENA)
    own = signed_in(page, scene)
    own.open("team", "day", scene.day)
    expect(own.own("")).to_have_count(0)

    own.open_panel()
    google = own.account("Google calendar")
    google.get_by_label("Show on Teamview").check()
    google.get_by_label("Show recurring events").check()
    own.close_panel()

    for scope in ("team", "queues"):
        own.open(scope, "day", scene.day)
        expect(own.own("Dentist")).not_to_have_count(0, timeout=SLOW)
        expect(own.own("Guitar lesson")).not_to_have_count(0)
        if scope == "team":  # in the evening: the grid is extended
            expect(own.own("Choir")).not_to_have_count(0)
        expect(own.own("Compliance training")).to_have_count(0)
        picture(page, scope)
        theirs = PersonalPage(colleague)
        theirs.open(scope, "day", scene.day)
        expect(theirs.own("")).to_have_count(0)
        expect(colleague.get_by_text("Dentist")).to_have_count(0)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [390, 1440])
def test_own_events_can_be_read_at_every_width_in_light_and_dark(
    scene, visitor, picture, width, dark
):
    page = visitor(DANA, dark=dark)
    own = signed_in(page, scene)
    inspector = Inspector(page, scene.house.url)
    page.set_viewport_size({"width": width, "height": 900})

    for span in ("week", "month"):
        own.open("me", span, scene.day)
        shown = own.own("Dentist") if width > NARROW else own.own_in_list("Dentist")
        expect(shown).not_to_have_count(0, timeout=SLOW)
        assert inspector.barriers() == []
        picture(page, span)
    own.open_panel()
    expect(own.account("Outlook calendar")).to_be_visible()
    assert inspector.barriers() == []
    picture(page, "signed-in")


def test_own_event_opens_the_page_of_the_provider_by_keyboard(scene, visitor):
    page = visitor(DANA)
    own = signed_in(page, scene)
    page.context.route("https://www.google.com/**", lambda it: it.fulfill(body="there"))
    own.open("me", "week", scene.day)
    event = page.get_by_role("button", name=re.compile("Dentist, 9:00"))
    expect(event).to_have_accessible_name(
        "Dentist, 9:00\N{EN DASH}10:00, your Google calendar, opens in a new window",
        timeout=SLOW,
    )

    event.focus()
    with page.context.expect_page() as opened:
        page.keyboard.press("Enter")

    expect(opened.value).to_have_url(re.compile(r"^https://www\.google\.com/"))


def test_calendars_stay_over_reloads_and_restarts_until_signed_out(scene, visitor):
    page = visitor(DANA)
    own = signed_in(page, scene)
    own.open("me", "week", scene.day)
    expect(own.own("Dentist")).to_have_count(1, timeout=SLOW)

    page.reload()
    expect(own.own("Dentist")).to_have_count(1, timeout=SLOW)
    scene.restart()
    own.open("me", "week", scene.day)
    expect(own.own("Dentist")).to_have_count(1, timeout=SLOW)
    expect(own.own("Compliance training")).to_have_count(1, timeout=SLOW)

    own.open_panel()
    own.account("Outlook calendar").get_by_role("button", name="Sign out").click()
    expect(own.account("Outlook calendar")).to_have_count(0, timeout=SLOW)
    own.close_panel()
    expect(own.own("Compliance training")).to_have_count(0)
    page.reload()
    expect(own.own("Dentist")).to_have_count(1, timeout=SLOW)
    expect(own.own("Compliance training")).to_have_count(0)


def test_ended_sign_in_is_said_and_given_again(scene, visitor, picture):
    page = visitor(DANA)
    own = signed_in(page, scene)
    scene.google.revoke()

    own.open("me", "week", scene.day)

    notice = page.locator(".own-notice")
    expect(notice).to_contain_text("Google calendar has ended", timeout=SLOW)
    expect(own.own("Dentist")).to_have_count(0)
    expect(own.own("Compliance training")).to_have_count(1, timeout=SLOW)
    picture(page, "notice")
    notice.get_by_role("button", name="Sign in again").click()
    own.accept_google(AT_GOOGLE)
    expect(notice).to_have_count(0, timeout=SLOW)
    expect(page.get_by_text("2 on")).to_be_visible()
    own.open("me", "week", scene.day)
    expect(own.own("Dentist")).to_have_count(1, timeout=SLOW)
    expect(notice).to_have_count(0)


def test_server_keeps_nothing_of_the_events_that_are_shown(scene, visitor):
    page = visitor(DANA)
    own = signed_in(page, scene)
    own.open("me", "week", scene.day)
    expect(own.own("Book fair")).to_have_count(1, timeout=SLOW)
    expect(own.own("Compliance training")).to_have_count(1, timeout=SLOW)
    cookies = [it["value"] for it in page.context.cookies() if "/relay/" in it["path"]]

    hay = traces_of_open_pages(scene.house.folder)

    states = [place for place in places_of("Dana Whitfield", hay) if "state" in place]
    assert states, "what is kept of an open page must be found"
    assert places_of("Mortgage advice", {"": hay["memory of the keys"]})
    assert len(cookies) == 2
    secrets = (*scene.google.refresh_tokens, *scene.google.access_tokens, *cookies)
    for word in (*SHOWN, AT_GOOGLE, AT_OUTLOOK, *secrets):
        assert places_of(word, hay) == []
    limits = [it.rlimit(psutil.RLIMIT_CORE) for it in scene.web_processes()]
    assert limits, "the processes whose memory has the events must be found"
    assert set(limits) == {(0, 0)}, "a crash must not write memory to a file"


def test_panel_stays_open_from_one_week_to_the_next(scene, visitor):
    page = visitor(DANA)
    own = PersonalPage(page)
    own.open("me", "week", scene.day)
    own.open_panel()

    own.go("Next week")
    own.go("Previous week")
    expect(own.panel).to_be_visible()

    page.get_by_role("link", name="Dashboard").click()
    expect(page).to_have_url(re.compile("/dashboard"))
    page.get_by_role("link", name="Bookings").click()
    expect(own.gear).to_have_attribute("aria-expanded", "false", timeout=SLOW)
    expect(own.panel).to_have_count(0)


def test_each_provider_is_asked_once_for_each_week_of_an_open_page(scene, visitor):
    page = visitor(DANA)
    own = signed_in(page, scene)
    own.open("me", "week", scene.day)
    expect(own.own("Dentist")).to_have_count(1, timeout=SLOW)
    expect(own.own("Compliance training")).to_have_count(1, timeout=SLOW)
    before = scene.questions()

    for way in ("Next", "Previous", "Next", "Next", "Previous", "Previous"):
        own.go(f"{way} week")
    expect(own.own("Dentist")).to_have_count(1, timeout=SLOW)
    own.go("Next week")
    expect(own.own("Team meeting")).to_have_count(1, timeout=SLOW)

    asked = [now - then for then, now in zip(before, scene.questions(), strict=True)]
    assert asked == [2, 2]


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [390, 1440])
def test_panel_can_be_used_at_every_width_and_by_keyboard(
    scene, visitor, picture, width, dark
):
    page = visitor(DANA, width=width, dark=dark)
    own = PersonalPage(page)
    own.open("me", "day", scene.day)

    own.open_panel()
    expect(own.panel.get_by_role("button", name="Close")).to_be_visible()
    stored = own.panel.get_by_text("What is stored about you")
    stored.focus()
    page.keyboard.press("Enter")
    expect(own.panel.get_by_role("table")).to_contain_text("Sealed in a cookie")
    assert Inspector(page, scene.house.url).barriers() == []
    picture(page, "panel")
    own.close_panel()
    expect(own.gear).to_be_focused()
