"""Agents are warned of events of their own wherever they give themselves a time."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.pages.bank import Bank, Desk
from tests.e2e.pages.inspector import Inspector
from tests.e2e.pages.personal import SLOW, PersonalPage
from tests.e2e.pages.staff import PASSWORD, BookingsPage, DashboardPage
from tests.e2e.personal_scene import (
    AT_GOOGLE,
    CHICAGO,
    DANA,
    Scene,
    scene,
    signed_in,
    visitor,
)
from tests.e2e.test_staff import AGENT_NAME, MANAGER, Booked, try_to_book

__all__ = ["scene", "visitor"]
pytestmark = pytest.mark.browser

HALF_HOUR = timedelta(minutes=30)
NOW, MOVED = "In your own calendar at this time", "at the time of the appointment"


def quiet_hour(bank: Bank, desk: Desk) -> Booked:
    """Request an appointment at the beginning of an hour in which Dana is free."""
    for start in bank.open_starts("Mortgage advice"):
        if not (first := try_to_book(bank, start)):
            continue
        then = try_to_book(bank, start + HALF_HOUR)
        free = then and AGENT_NAME in desk.agents(then.id)
        if then:
            bank.cancel(then.token)
        if free and AGENT_NAME in desk.agents(first.id):
            return first
        bank.cancel(first.token)
    raise AssertionError("no such hour in three weeks")


@pytest.fixture
def booked(scene) -> Iterator[Booked]:
    """A request for an hour in which Dana has two events of her own."""
    url = scene.house.url
    with Bank(url) as bank, Desk(url, MANAGER, PASSWORD) as desk:
        found = quiet_hour(bank, desk)
        start, half = found.start, HALF_HOUR
        scene.google.put(AT_GOOGLE, start, start + half / 2, summary="School run")
        scene.google.put(AT_GOOGLE, start + half, start + 2 * half, summary="Rehearsal")
        yield found
        bank.cancel(found.token)


@pytest.fixture
def page(scene, visitor) -> Page:
    """Dana's page, who is signed in to her calendars and wants to be warned."""
    page = visitor(DANA)
    own = signed_in(page, scene)
    own.open("me", "week", scene.day)
    choose(own)
    return page


def choose(own: PersonalPage, *, is_on: bool = True) -> None:
    """Ask for warnings, or for none."""
    own.open_panel()
    label = "Warn me when I book over my own events"
    own.panel.get_by_label(label).set_checked(is_on)
    own.close_panel()


def warning(where: Page | Locator, words: str = NOW) -> Locator:
    """Return the warnings of own events."""
    return where.get_by_role("status").filter(has_text=words)


def day_of(booked: Booked) -> str:
    return f"{booked.start.astimezone(CHICAGO).date()}"


def clock(booked: Booked, later: timedelta = timedelta(0)) -> str:
    return f"{(booked.start + later).astimezone(CHICAGO):%H:%M}"


def test_new_appointment_over_an_own_event_warns(scene: Scene, page, picture):
    page.get_by_role("button", name="New appointment").click()
    draft = page.get_by_role("complementary", name="New appointment")
    draft.get_by_label("Agent").select_option(label="Dana Whitfield")
    draft.get_by_label("Day", exact=True).fill(f"{scene.day:%Y-%m-%d}")
    draft.get_by_label("Time", exact=True).fill("09:15")

    expect(warning(draft)).to_contain_text("Dentist, 9:00", timeout=SLOW)
    picture(page, "warning")
    draft.get_by_label("Time", exact=True).fill("17:15")
    expect(warning(draft)).to_have_count(0)
    draft.get_by_label("Time", exact=True).fill("09:15")
    expect(warning(draft)).to_have_count(1)
    draft.get_by_label("Agent").select_option(index=0)
    expect(warning(draft)).to_have_count(0)


def test_giving_oneself_an_appointment_over_an_own_event_warns(
    page, booked: Booked, picture
):
    bookings = BookingsPage(page)
    bookings.open("team", "day", booked.start.astimezone(CHICAGO).date())
    drawer = bookings.open_event(booked.name)

    expect(warning(drawer)).to_contain_text("School run", timeout=SLOW)
    expect(warning(drawer)).not_to_contain_text("Rehearsal")
    picture(page, "offer")

    choose(PersonalPage(page), is_on=False)
    expect(warning(drawer)).to_have_count(0)


def test_taking_on_the_dashboard_over_an_own_event_warns(
    scene: Scene, page, booked: Booked, picture
):
    row = DashboardPage(page).open().waiting(booked.name)

    expect(row).to_contain_text(f"{NOW}: School run", timeout=SLOW)
    expect(row).not_to_contain_text("Rehearsal")
    assert Inspector(page, scene.house.url).barriers() == []
    picture(page, "dashboard")
    own = PersonalPage(page)
    own.open("me", "week", scene.day)
    choose(own, is_on=False)
    before = scene.questions()

    row = DashboardPage(page).open().waiting(booked.name)
    expect(row).to_be_visible()
    expect(row).not_to_contain_text(NOW)
    assert scene.questions() == before


def test_moving_an_appointment_onto_an_own_event_warns(
    scene: Scene, page, booked: Booked, picture
):
    with Desk(scene.house.url, MANAGER, PASSWORD) as desk:
        assert desk.assign(booked.id, desk.agents(booked.id)[AGENT_NAME])
    bookings = BookingsPage(page)
    bookings.open("me", "day", booked.start.astimezone(CHICAGO).date())
    drawer = bookings.open_event(booked.name)
    drawer.get_by_role("button", name="Edit").click()
    expect(warning(drawer)).to_contain_text("School run", timeout=SLOW)
    drawer.get_by_label("From", exact=True).fill(clock(booked, HALF_HOUR))
    drawer.get_by_label("To", exact=True).fill(clock(booked, 2 * HALF_HOUR))
    expect(warning(drawer)).to_contain_text("Rehearsal")
    expect(warning(drawer)).not_to_contain_text("School run")
    assert Inspector(page, scene.house.url).barriers() == []
    picture(page, "edit")
    drawer.get_by_role("button", name="Back").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Discard").click()
    drawer.get_by_role("button", name="Close").click()

    bookings.drag(booked.name, minutes=30)
    expect(warning(page, MOVED)).to_contain_text("Rehearsal", timeout=SLOW)
    picture(page, "dropped")
    warning(page, MOVED).get_by_role("button", name="Close").click()
    expect(warning(page, MOVED)).to_have_count(0)
