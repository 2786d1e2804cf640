"""Outlook 365 from nothing: connected in the panel, and both calendars agree."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from playwright.sync_api import expect

from tests.e2e.pages.addon import AddonPage
from tests.e2e.pages.bank import CHICAGO, Bank, Desk, somebody
from tests.e2e.pages.inspector import Inspector
from tests.e2e.pages.mailbox import MailboxPage
from tests.e2e.pages.microsoft import begins, event_of
from tests.e2e.pages.staff import PASSWORD, BookingsPage, DashboardPage
from tests.e2e.pages.vendors import wait_for
from tests.support.microsoft import SCHEDULER, Remote

pytestmark = pytest.mark.browser

SIMONE, GRACE, TOM = (f"{name}@harbor.example" for name in ("simone", "grace", "tom"))
TOPIC = "Mortgage advice"
HALF_HOUR = timedelta(minutes=30)
GROUP = "Invo Booking"
ENTERED = tuple(
    f"calendars.{name}"
    for name in (
        "two_way",
        "compute_availability",
        "outlook_client_id",
        "outlook_client_secret",
        "outlook_tenant",
    )
)


@dataclass(frozen=True)
class Linked:
    """A bank that is connected, and the group its appointments stand in."""

    microsoft: Remote
    group: str


@pytest.fixture(scope="module")
def simone(house) -> Iterator[httpx.Client]:
    """The super admin's side of the API."""
    with httpx.Client(base_url=house.url, headers={"Origin": house.url}) as web:
        web.post("/session/sign-in", data={"email": SIMONE, "password": PASSWORD})
        yield web


@pytest.fixture(scope="module", autouse=True)
def alone_again(simone, microsoft) -> Iterator[None]:
    """Leave the bank without a calendar, as the other tests know it."""
    let_go(simone)
    microsoft.reset()
    yield
    let_go(simone)
    microsoft.reset()


@pytest.fixture
def addon(visitor, signed_in) -> AddonPage:
    """The super admin at the panel, trusting the fake's certificate."""
    page = visitor(**signed_in(SIMONE), ignore_https_errors=True)
    return AddonPage(page)


@pytest.fixture(scope="module")
def linked(simone, microsoft: Remote) -> Linked:
    """The bank as the first test of this file has connected it."""
    host = simone.get("/api/v1/admin/calendars").json()["connection"]["host"]
    return Linked(microsoft, host["id"])


def let_go(simone: httpx.Client) -> None:
    """End whatever is connected, and forget what was entered for it."""
    word = {"to": "none", "typed": "None", "cancel_events": False}
    answer = simone.post("/api/v1/admin/calendars/switch", json=word)
    assert answer.is_success or "already" in answer.text, answer.text
    defaults = {key: {"value": None} for key in ENTERED}
    simone.put("/api/v1/admin/settings", json=defaults).raise_for_status()


def refresh(simone: httpx.Client) -> None:
    """Have Outlook read now."""
    simone.post("/api/v1/admin/calendars/refresh").raise_for_status()


def read_again(simone: httpx.Client) -> None:
    """Have Outlook read now, and wait until it was read."""

    def read_at() -> str:
        panel = simone.get("/api/v1/admin/calendars").json()
        return panel["connection"]["succeeded_at"]

    before = read_at()
    refresh(simone)
    wait_for(lambda: read_at() != before or None)


def booked(bank: Bank, start: datetime) -> tuple[str, str, str]:
    """Book and confirm; return name, address and token."""
    name, email = somebody()
    token = bank.request(TOPIC, start, name=name, email=email)
    bank.confirm(token)
    return name, email, token


def starts(bank: Bank, token: str) -> datetime:
    return datetime.fromisoformat(bank.look(token)["starts_at"]).astimezone(UTC)


def test_outlook_is_connected_step_by_step(addon, microsoft: Remote, picture):
    client_id, secret, tenant = microsoft.get("client_id", "client_secret", "tenant")
    addon.open()
    expect(addon.panel()).to_have_count(0)

    # Chosen, but not known to Microsoft yet: the first step says what is missing.
    addon.choose_provider("Outlook 365")
    addon.settings.type("Outlook tenant", tenant)
    addon.save()
    expect(addon.step("Registered")).to_contain_text("Missing")
    expect(addon.step("Registered")).to_contain_text("client secret")
    picture(addon.page, "start")
    addon.settings.type("Outlook client ID (outlook_client_id)", client_id)
    addon.settings.type("Outlook client secret (outlook_client_secret)", secret)
    addon.settings.switch("Two-way integration")
    addon.settings.switch("Compute agent availability")
    addon.save()
    expect(addon.step("Registered")).to_contain_text("Passed")

    # Whoever changes their mind at Microsoft is told so, and nothing is connected.
    addon.sign_in(SCHEDULER, accept=False)
    expect(addon.page.get_by_text("nothing was connected")).to_be_visible()
    addon.open()
    expect(addon.step("Signed in")).to_contain_text("Waiting")

    addon.sign_in(SCHEDULER)
    addon.came_back()
    expect(addon.step("Permissions")).to_contain_text("Group.ReadWrite.All")
    expect(addon.step("Permissions").get_by_text("Granted")).to_have_count(6)
    addon.create_host(GROUP)
    checks = addon.test("dana@harbor.example")
    assert len(checks) >= 5
    assert all(check.endswith("Passed") for check in checks), checks
    assert "deleted again" in addon.send_test_appointment()
    group = microsoft.groups()[0]["id"]
    assert event_of(microsoft, group, "test appointment") is None
    addon.refresh()
    expect(addon.fact("Busy times read")).not_to_have_text("not yet", timeout=120_000)
    picture(addon.page, "connected")


def test_appointment_stands_in_outlook_and_follows_it(
    linked, bank: Bank, simone, house, visitor, signed_in
):
    start = bank.open_starts(TOPIC)[-1]
    name, email, token = booked(bank, start)

    event = wait_for(lambda: event_of(linked.microsoft, linked.group, name))
    assert begins(event) == start

    # Somebody moves it in Outlook: it moves here, and the customer is told.
    other = next(s for s in bank.open_starts(TOPIC) if abs(s - start) >= HALF_HOUR)
    linked.microsoft.move(event["id"], other.astimezone(UTC), other + HALF_HOUR)
    refresh(simone)
    wait_for(lambda: starts(bank, token) == other or None)
    mailbox = MailboxPage(visitor(), house.url)
    mailbox.open_mail(email, "moved|changed|new time")
    assert f"{other:%-I:%M}" in mailbox.text()

    page = visitor(**signed_in(TOM))
    BookingsPage(page).open("team", "day", other.date())
    drawer = BookingsPage(page).open_event(name)
    expect(drawer).to_contain_text("The host calendar moved it to")

    # Deleted there, it is cancelled here.
    linked.microsoft.delete(event["id"])
    refresh(simone)
    wait_for(lambda: bank.look(token)["status"] == "cancelled" or None)


@pytest.mark.usefixtures("browser")  # which keeps it behind the first test
def test_series_and_copies_move_nobody(linked, bank: Bank, simone):
    start = bank.open_starts(TOPIC)[-1]
    name, _, token = booked(bank, start)
    event = wait_for(lambda: event_of(linked.microsoft, linked.group, name))

    linked.microsoft.repeat_weekly(event["id"])
    next_day = start.astimezone(UTC) + timedelta(days=1)
    copy = linked.microsoft.copy_event(event["id"], next_day, next_day + HALF_HOUR)
    read_again(simone)

    assert starts(bank, token) == start
    assert bank.look(token)["status"] == "confirmed"
    linked.microsoft.delete(copy)
    linked.microsoft.delete(event["id"])


@pytest.mark.usefixtures("browser")  # which keeps it behind the first test
def test_corrected_phone_number_leaves_a_room_that_somebody_added(
    linked, bank: Bank, desk: Desk
):
    start = bank.open_starts(TOPIC)[-1]
    name, _, _ = booked(bank, start)
    event = wait_for(lambda: event_of(linked.microsoft, linked.group, name))
    room = {
        "type": "resource",
        "emailAddress": {"address": "room.seven@bank.example", "name": "Room seven"},
        "status": {"response": "none", "time": "0001-01-01T00:00:00Z"},
    }
    guests = [*event["attendees"], room]
    place = {"displayName": "Room seven", "locationType": "default"}
    linked.microsoft.change(event["id"], attendees=guests, location=place)

    desk.change(desk.appointment(name, start.date()), phone="+13125550147")

    def corrected():
        now = linked.microsoft.event(event["id"])
        return now if "0147" in str(now["body"]) else None

    after = wait_for(corrected)
    assert "room.seven@bank.example" in str(after["attendees"])
    assert after["location"]["displayName"] == "Room seven"


def test_slot_closes_when_everybody_is_busy_in_outlook_and_says_so(
    linked, bank: Bank, simone, visitor, signed_in
):
    start = bank.open_starts(TOPIC)[-1]
    people = simone.get("/api/v1/admin/people").json()["people"]

    for person in people:
        until = start + timedelta(hours=1)
        linked.microsoft.busy(person["email"], start.astimezone(UTC), until)
    refresh(simone)
    wait_for(lambda: start not in bank.open_starts(TOPIC) or None)

    board = BookingsPage(visitor(width=4000, **signed_in(TOM)))
    board.open_queues(start.date())
    why = board.why_on_focus(board.grey_slot("Home lending, English", start))
    assert "busy in their own calendar" in why
    assert re.search(r"minutes? old", why), why

    for person in people:
        linked.microsoft.free(person["email"])
    refresh(simone)
    wait_for(lambda: start in bank.open_starts(TOPIC) or None)


def test_staff_decide_what_cannot_be_followed(
    linked, bank: Bank, simone, visitor, signed_in, picture
):
    start = bank.open_starts(TOPIC)[-1]
    name, _, token = booked(bank, start)
    event = wait_for(lambda: event_of(linked.microsoft, linked.group, name))
    page = visitor(**signed_in(TOM))
    board = DashboardPage(page).open()

    night = start.astimezone(CHICAGO).replace(hour=3)
    linked.microsoft.move(event["id"], night.astimezone(UTC), night + HALF_HOUR)
    refresh(simone)

    # It shows without a reload, with the reason and both choices.
    conflict = board.conflict(name)
    expect(conflict).to_contain_text("Moved in the host calendar to", timeout=120_000)
    expect(
        conflict.get_by_role("button", name="Follow the host calendar")
    ).to_be_visible()
    picture(page, "conflict")
    conflict.get_by_role("button", name="Put it back in the host calendar").click()
    expect(conflict).to_have_count(0)

    wait_for(lambda: begins(linked.microsoft.event(event["id"])) == start or None)
    assert starts(bank, token) == start


def test_administrators_see_everywhere_that_somebody_has_to_sign_in(
    linked, simone, visitor, signed_in, addon
):
    page = visitor(**signed_in(GRACE))
    DashboardPage(page).open()
    needed = page.get_by_role("link", name="Outlook 365 needs attention")
    expect(needed).to_have_count(0)

    linked.microsoft.revoke()
    refresh(simone)
    expect(needed).to_be_visible(timeout=120_000)
    needed.click()
    panel = AddonPage(page)
    expect(panel.step("Signed in")).to_contain_text("Sign in again")

    addon.open().sign_in(SCHEDULER)
    addon.came_back()
    expect(needed).to_have_count(0)
    expect(panel.step("Signed in")).to_contain_text("Passed")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [1280, 320])
@pytest.mark.usefixtures("linked")
def test_panel_is_for_everybody(house, visitor, signed_in, width, dark, picture):
    page = visitor(width=width, dark=dark, **signed_in(SIMONE))
    inspector = Inspector(page, house.url)

    addon = AddonPage(page).open()
    expect(addon.fact("Connected by")).to_be_visible()
    assert inspector.barriers() == []
    assert inspector.overhang() == 0
    picture(page, "panel")

    addon.panel().get_by_role("button", name="Switch provider…").click()
    expect(page.get_by_role("dialog")).to_contain_text("is no longer used")
    expect(page.get_by_role("dialog").get_by_label("to confirm")).to_be_visible()
    assert inspector.barriers() == []
    assert inspector.complaints == []


def test_others_events_in_the_group_show_on_the_queues_and_close_nothing(
    linked, bank: Bank, simone, visitor, signed_in, picture
):
    start = bank.calm_start(TOPIC)
    until = start + timedelta(hours=1)
    linked.microsoft.foreign_event(linked.group, start.astimezone(UTC), until)
    refresh(simone)

    page = visitor(width=1600, **signed_in(TOM))
    BookingsPage(page).open_queues(start.date())
    band = page.get_by_text("Busy in the host calendar").first
    expect(band).to_be_visible(timeout=120_000)
    picture(page, "bands")
    assert start in bank.open_starts(TOPIC)


def test_provider_is_switched_only_with_its_name_typed(addon):
    addon.open()
    dialog = addon.switch_to("None", typed="Google")
    expect(dialog.get_by_role("alert")).to_contain_text("Type “None”")

    dialog.get_by_label("to confirm").fill("none")
    dialog.get_by_role("button", name="Switch", exact=True).click()

    expect(dialog).to_be_hidden()
    expect(addon.panel()).to_have_count(0)
