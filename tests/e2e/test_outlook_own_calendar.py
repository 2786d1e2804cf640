"""Outlook 365 with the account's own calendar as host: from nothing, and switched."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from playwright.sync_api import expect

from tests.e2e.pages.addon import AddonPage, Words
from tests.e2e.pages.bank import Bank
from tests.e2e.pages.inspector import Inspector
from tests.e2e.pages.microsoft import begins, event_of
from tests.e2e.pages.staff import PASSWORD, BookingsPage
from tests.e2e.pages.vendors import wait_for
from tests.e2e.test_outlook import SIMONE, TOM, TOPIC, booked, let_go, refresh
from tests.support.microsoft import SCHEDULER, Remote

pytestmark = pytest.mark.browser

HALF_HOUR = timedelta(minutes=30)
OWN = "The scheduling account's own calendar"
WORDS = Words("Outlook Add-on", "Calendar", "E-mail", "Sign in", "Accept")


@pytest.fixture(scope="module")
def simone(house) -> Iterator[httpx.Client]:
    """The super admin's side of the API."""
    with httpx.Client(base_url=house.url, headers={"Origin": house.url}) as web:
        web.post("/session/sign-in", data={"email": SIMONE, "password": PASSWORD})
        yield web


@pytest.fixture(scope="module", autouse=True)
def alone_again(simone, microsoft: Remote) -> Iterator[None]:
    """Leave the bank without a calendar, as the other tests know it."""
    leave(simone)
    microsoft.reset()
    yield
    leave(simone)
    microsoft.reset()


@pytest.fixture
def addon(visitor, signed_in) -> AddonPage:
    """The super admin at the panel, trusting the fake's certificate."""
    page = visitor(**signed_in(SIMONE), ignore_https_errors=True)
    return AddonPage(page, WORDS)


def leave(simone: httpx.Client) -> None:
    """End whatever is connected, and forget what was entered for it."""
    let_go(simone)
    host = {"calendars.outlook_host": {"value": None}}
    simone.put("/api/v1/admin/settings", json=host).raise_for_status()


def connection(simone: httpx.Client) -> dict:
    return simone.get("/api/v1/admin/calendars").json()["connection"]


def enter_registration(simone: httpx.Client, microsoft: Remote) -> None:
    """Enter what Microsoft knows the bank by, and switch on both directions."""
    client_id, secret, tenant = microsoft.get("client_id", "client_secret", "tenant")
    values = {
        "primary_provider": "outlook",
        "outlook_client_id": client_id,
        "outlook_client_secret": secret,
        "outlook_tenant": tenant,
        "two_way": "on",
        "compute_availability": "on",
    }
    texts = {f"calendars.{key}": {"value": text} for key, text in values.items()}
    simone.put("/api/v1/admin/settings", json=texts).raise_for_status()


def test_own_calendar_is_connected_from_nothing(
    addon, simone, microsoft: Remote, picture
):
    enter_registration(simone, microsoft)
    addon.open()
    kinds = addon.step("Host calendar")
    expect(kinds.get_by_role("radio", name="Group calendar")).to_be_checked()

    # Chosen before the sign-in, it decides what is asked for there.
    kinds.get_by_role("radio", name=OWN).click()
    expect(kinds.get_by_role("radio", name=OWN)).to_be_checked()
    addon.sign_in(SCHEDULER)
    addon.came_back()

    permissions = addon.step("Permissions")
    expect(permissions).to_contain_text("Calendars.ReadWrite")
    expect(permissions).not_to_contain_text("Group.ReadWrite.All")
    expect(permissions.get_by_text("Granted")).to_have_count(5)
    expect(addon.step("Calendar")).to_contain_text(SCHEDULER)
    checks = addon.test("dana@harbor.example")
    assert all(check.endswith("Passed") for check in checks), checks
    assert "deleted again" in addon.send_test_appointment()
    assert event_of(microsoft, SCHEDULER, "test appointment") is None
    addon.refresh()
    expect(addon.fact("Busy times read")).not_to_have_text("not yet", timeout=120_000)
    picture(addon.page, "own-connected")


@pytest.mark.usefixtures("browser")  # which keeps it behind the first test
def test_appointment_stands_in_the_accounts_calendar_and_follows_it(
    microsoft: Remote, bank: Bank, simone
):
    start = bank.open_starts(TOPIC)[-1]
    name, _, token = booked(bank, start)
    event = wait_for(lambda: event_of(microsoft, SCHEDULER, name))
    assert begins(event) == start

    other = next(s for s in bank.open_starts(TOPIC) if abs(s - start) >= HALF_HOUR)
    microsoft.move(event["id"], other.astimezone(UTC), other + HALF_HOUR)
    refresh(simone)
    wait_for(lambda: starts_at(bank, token) == other or None)

    microsoft.delete(event["id"])
    refresh(simone)
    wait_for(lambda: bank.look(token)["status"] == "cancelled" or None)


def starts_at(bank: Bank, token: str) -> datetime:
    return datetime.fromisoformat(bank.look(token)["starts_at"]).astimezone(UTC)


def test_others_events_in_the_accounts_calendar_close_nothing(
    microsoft: Remote, bank: Bank, simone, visitor, signed_in
):
    start = bank.calm_start(TOPIC)
    until = start + timedelta(hours=1)
    microsoft.busy(SCHEDULER, start.astimezone(UTC), until, subject="Dentist")
    refresh(simone)

    page = visitor(width=1600, **signed_in(TOM))
    BookingsPage(page).open_queues(start.date())
    band = page.get_by_text("Busy in the host calendar").first
    expect(band).to_be_visible(timeout=120_000)
    assert "Dentist" not in page.content()
    assert start in bank.open_starts(TOPIC)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [1280, 320])
def test_panel_is_for_everybody(house, visitor, signed_in, width, dark, picture):
    page = visitor(width=width, dark=dark, **signed_in(SIMONE))
    inspector = Inspector(page, house.url)

    addon = AddonPage(page, WORDS).open()
    expect(addon.step("Host calendar").get_by_role("radio")).to_have_count(2)
    assert inspector.barriers() == []
    assert inspector.overhang() == 0
    picture(page, "own-panel")

    kinds = addon.step("Host calendar")
    kinds.get_by_role("radio", name="Group calendar").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Sign in again afterwards")
    expect(dialog.get_by_label("to confirm")).to_be_visible()
    assert inspector.barriers() == []
    assert inspector.overhang() == 0
    picture(page, "own-switch")
    assert inspector.complaints == []


def test_host_is_switched_only_with_its_name_typed(
    addon, microsoft: Remote, bank: Bank, simone
):
    name, _, _ = booked(bank, bank.open_starts(TOPIC)[-1])
    wait_for(lambda: event_of(microsoft, SCHEDULER, name))
    addon.open()
    kinds = addon.step("Host calendar")
    kinds.get_by_role("radio", name="Group calendar").click()
    dialog = addon.page.get_by_role("dialog", name="Switch the host calendar")
    expect(dialog).to_contain_text("appointment")

    dialog.get_by_role("radio", name="Remove them there").check()
    dialog.get_by_label("to confirm").fill("yes")
    dialog.get_by_role("button", name="Switch", exact=True).click()
    expect(dialog.get_by_role("alert")).to_contain_text("Type “Group calendar”")
    assert connection(simone) is not None

    dialog.get_by_label("to confirm").fill("group calendar")
    dialog.get_by_role("button", name="Switch", exact=True).click()
    expect(dialog).to_be_hidden()
    expect(addon.told()).to_contain_text("Sign in again")
    expect(addon.step("Signed in")).to_contain_text("Waiting")
    wait_for(lambda: event_of(microsoft, SCHEDULER, name) is None or None)
