"""The whole product between browsers and both fakes of agents' own calendars."""

import os
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
from tests.e2e.pages.personal import SLOW, PersonalPage
from tests.e2e.pages.staff import PASSWORD
from tests.e2e.product import House, running_house
from tests.support.google.server import running_fake as running_google
from tests.support.microsoft import running_fake as running_outlook
from tests.support.personal_bank import both_env
from tests.support.servers import free_port, until

CHICAGO = ZoneInfo("America/Chicago")
DANA, ELENA = "dana@harbor.example", "elena@harbor.example"
AT_GOOGLE, AT_OUTLOOK = "dana@gmail.example", "dana@bank.example"
EVERYBODY = "agent, booking-manager, manager, administrator"
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

    def questions(self) -> list[int]:
        """Return how often each provider was asked for events."""
        fakes = ((self.google, "/events"), (self.outlook, "/calendarView"))
        return [len(fake.calls_to("GET", f"*{path}")) for fake, path in fakes]

    def restart(self) -> None:
        """Kill the web process; the product starts it again by itself."""
        for process in self.web_processes():
            process.kill()
        until(self.is_up)

    def web_processes(self) -> list[psutil.Process]:
        """Return the processes that serve the product."""
        port = int(self.house.url.rpartition(":")[2])
        owners = {it.pid for it in psutil.net_connections("tcp")
                  if it.status == "LISTEN" and it.laddr.port == port}  # fmt: skip
        return [psutil.Process(it) for it in owners - {None, os.getpid()}]

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
            found = Scene(house, google, outlook, next_wednesday())
            offer(found)
            put_events(found)
            yield found


def next_wednesday() -> date:
    """Return the next Wednesday at the institution, never today."""
    today = utc_now().astimezone(CHICAGO).date()
    return today + timedelta(days=(2 - today.weekday()) % 7 or 7)


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
        "general.who_can_edit": EVERYBODY,
        "general.who_can_assign": EVERYBODY,
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
    next_week = scene.day + 7 * DAY
    outlook.busy(
        AT_OUTLOOK, at(15, next_week), at(16, next_week), subject="Team meeting"
    )


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
