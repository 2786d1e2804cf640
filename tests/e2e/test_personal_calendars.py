"""Agents' own calendars: signed in to, shown beside appointments, and signed out of."""

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import psutil
import pytest
from playwright.sync_api import Browser, Page, expect

from invo_booking.domain.clock import utc_now
from tests.e2e.pages.inspector import Inspector
from tests.e2e.pages.personal import SLOW, PersonalPage
from tests.e2e.pages.staff import PASSWORD
from tests.e2e.product import House, running_house
from tests.support.google.server import running_fake as running_google
from tests.support.microsoft import running_fake as running_outlook
from tests.support.personal_bank import both_env
from tests.support.servers import free_port, until

pytestmark = pytest.mark.browser

CHICAGO = ZoneInfo("America/Chicago")
DANA, ELENA = "dana@harbor.example", "elena@harbor.example"
AT_GOOGLE, AT_OUTLOOK = "dana@gmail.example", "dana@bank.example"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@dataclass
class Scene:
    """The whole product between browsers and both fakes.

    Attributes:
        day: The next Wednesday, on which the events are.
    """

    house: House
    google: Any
    outlook: Any
    day: date

    def at(self, hour: int, day: date | None = None) -> datetime:
        """Return an hour of the day, by the clock of the institution."""
        on = day or self.day
        return datetime(on.year, on.month, on.day, hour, tzinfo=CHICAGO)

    def restart(self) -> None:
        """Kill the web process; the product starts it again by itself."""
        port = int(self.house.url.rpartition(":")[2])
        owners = {it.pid for it in psutil.net_connections("tcp")
                  if it.status == "LISTEN" and it.laddr.port == port}  # fmt: skip
        for owner in owners - {None, os.getpid()}:
            psutil.Process(owner).kill()
        until(self.is_up)

    def is_up(self) -> bool:
        try:
            return httpx.get(f"{self.house.url}/readyz", timeout=5).is_success
        except httpx.HTTPError:
            return False


@pytest.fixture(scope="module")
def scene(tmp_path_factory) -> Iterator[Scene]:
    folder = tmp_path_factory.mktemp("fakes")
    with (
        running_google(folder / "google") as google,
        running_outlook(folder / "microsoft") as outlook,
    ):
        env = both_env(folder, google, outlook) | {"INVO_RATE_LIMITS": "off"}
        with running_house(free_port(), env) as house:
            today = utc_now().astimezone(CHICAGO).date()
            day = today + timedelta(days=(2 - today.weekday()) % 7 or 7)
            found = Scene(house, google, outlook, day)
            offer(found)
            put_events(found)
            yield found


def offer(scene: Scene) -> None:
    """Have a super admin fill in what both know the bank by."""
    google, outlook, url = scene.google, scene.outlook, scene.house.url
    values = {
        "calendars.google_client_id": google.client_id,
        "calendars.google_client_secret": google.client_secret,
        "calendars.outlook_client_id": outlook.client_id,
        "calendars.outlook_client_secret": outlook.client_secret,
        "calendars.outlook_tenant": outlook.tenant,
        "calendars.google_personal": "on",
        "calendars.outlook_personal": "on",
    }
    wanted = {key: {"value": value} for key, value in values.items()}
    with httpx.Client(base_url=url, headers={"Origin": url}, timeout=60) as web:
        form = {"email": "simone@harbor.example", "password": PASSWORD}
        web.post("/session/sign-in", data=form)
        told = web.put("/api/v1/admin/settings", json=wanted)
        assert told.is_success, told.text


def put_events(scene: Scene) -> None:
    """Fill Dana's own calendars, as a person does."""
    google, outlook, at = scene.google, scene.outlook, scene.at
    google.domains.add("gmail.example")
    google.put(AT_GOOGLE, at(9), at(10), summary="Dentist")
    google.put(AT_GOOGLE, at(11), at(12), summary="Surgery", visibility="private")
    google.put(AT_GOOGLE, scene.day, scene.day + 2 * DAY, summary="Book fair")
    google.put(AT_GOOGLE, at(19), at(20), summary="<b>Choir</b>")
    google.repeat_weekly(
        google.put(AT_GOOGLE, at(13), at(14), summary="Guitar lesson").id
    )
    outlook.busy(AT_OUTLOOK, at(15), at(16), subject="Compliance training")


@pytest.fixture
def visitor(browser: Browser, scene: Scene) -> Iterator[Callable[..., Page]]:
    opened = []

    def open_browser(email: str, *, width: int = 1440, dark: bool = False) -> Page:
        context = browser.new_context(
            base_url=scene.house.url,
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            timezone_id="Europe/Berlin",
            locale="en-US",
            ignore_https_errors=True,
        )
        context.set_default_timeout(SLOW)
        form = {"email": email, "password": PASSWORD}
        headers = {"Origin": scene.house.url}
        context.request.post("/session/sign-in", form=form, headers=headers)
        opened.append(context)
        return context.new_page()

    yield open_browser
    for context in opened:
        context.close()


def signed_in(page: Page, scene: Scene) -> PersonalPage:
    """Sign in to both calendars, by the gear."""
    own = PersonalPage(page)
    own.open("me", "week", scene.day)
    own.open_panel()
    own.sign_in_google(AT_GOOGLE)
    expect(page.get_by_text("1 on")).to_be_visible(timeout=SLOW)
    own.open("me", "week", scene.day)
    own.open_panel()
    own.sign_in_outlook(AT_OUTLOOK)
    expect(page.get_by_text("2 on")).to_be_visible(timeout=SLOW)
    return own


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
        expect(own.own("Compliance training")).to_have_count(0)
        picture(page, scope)
        theirs = PersonalPage(colleague)
        theirs.open(scope, "day", scene.day)
        expect(theirs.own("")).to_have_count(0)
        expect(colleague.get_by_text("Dentist")).to_have_count(0)


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


def test_booking_over_an_own_event_is_warned_of_by_choice(scene, visitor, picture):
    page = visitor(DANA)
    own = signed_in(page, scene)
    own.open("me", "week", scene.day)
    own.open_panel()
    own.panel.get_by_label("Warn me when I book over my own events").check()
    own.close_panel()

    page.get_by_role("button", name="New appointment").click()
    draft = page.get_by_role("complementary", name="New appointment")
    draft.get_by_label("Agent").select_option(label="Dana Whitfield")
    draft.get_by_label("Day", exact=True).fill(f"{scene.day:%Y-%m-%d}")
    draft.get_by_label("Time", exact=True).fill("09:15")

    warning = draft.get_by_text("In your own calendar at this time")
    expect(warning).to_contain_text("Dentist, 9:00", timeout=SLOW)
    picture(page, "warning")
    draft.get_by_label("Time", exact=True).fill("17:15")
    expect(warning).to_have_count(0)


@pytest.mark.parametrize("dark", [False, True])
def test_panel_can_be_used_on_a_phone_and_by_keyboard(scene, visitor, picture, dark):
    page = visitor(DANA, width=390, dark=dark)
    own = PersonalPage(page)
    own.open("me", "day", scene.day)

    own.open_panel()
    expect(own.panel.get_by_role("button", name="Close")).to_be_visible()
    stored = own.panel.get_by_text("What is stored about you")
    stored.focus()
    page.keyboard.press("Enter")
    expect(own.panel.get_by_role("table")).to_contain_text("Sealed in a cookie")
    assert Inspector(page, scene.house.url).barriers() == []
    picture(page, "dark" if dark else "light")
    own.close_panel()
    expect(own.gear).to_be_focused()
