"""Google Calendar from nothing: connected in the panel, and both calendars agree."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from playwright.sync_api import expect

from tests.e2e.pages.addon import GOOGLE, AddonPage
from tests.e2e.pages.bank import Bank, somebody
from tests.e2e.pages.inspector import Inspector
from tests.e2e.pages.staff import PASSWORD, BookingsPage, DashboardPage
from tests.e2e.pages.vendors import wait_for
from tests.support.vendor.control import Remote

pytestmark = pytest.mark.browser

SIMONE, GRACE, TOM = (f"{name}@harbor.example" for name in ("simone", "grace", "tom"))
ACCOUNT = "scheduling@harbor.example"
TOPIC = "Mortgage advice"
HOST = "Appointments"
ENTERED = tuple(
    f"calendars.{name}"
    for name in (
        "compute_availability",
        "online_meeting",
        "google_client_id",
        "google_client_secret",
    )
)


@pytest.fixture(scope="module")
def simone(house) -> Iterator[httpx.Client]:
    """The super admin's side of the API."""
    with httpx.Client(base_url=house.url, headers={"Origin": house.url}) as web:
        web.post("/session/sign-in", data={"email": SIMONE, "password": PASSWORD})
        yield web


@pytest.fixture(scope="module", autouse=True)
def alone_again(simone, google: Remote) -> Iterator[None]:
    """Leave the bank without a calendar, as the other tests know it."""
    let_go(simone)
    google.reset()
    google.add_domain("harbor.example")
    yield
    let_go(simone)
    google.reset()


@pytest.fixture
def panel(visitor, signed_in) -> AddonPage:
    """The super admin at the panel, trusting the fake's certificate."""
    page = visitor(**signed_in(SIMONE), ignore_https_errors=True)
    return AddonPage(page, GOOGLE)


@pytest.fixture(scope="module")
def host(simone) -> str:
    """The calendar that the first test of this file has made."""
    return simone.get("/api/v1/admin/calendars").json()["connection"]["host"]["id"]


def let_go(simone: httpx.Client) -> None:
    """End whatever is connected, and forget what was entered for it."""
    word = {"to": "none", "typed": "None", "cancel_events": False}
    answer = simone.post("/api/v1/admin/calendars/switch", json=word)
    assert answer.is_success or "already" in answer.text, answer.text
    defaults = {key: {"value": None} for key in ENTERED}
    simone.put("/api/v1/admin/settings", json=defaults).raise_for_status()


def refresh(simone: httpx.Client) -> None:
    """Have Google read now."""
    simone.post("/api/v1/admin/calendars/refresh").raise_for_status()


def entry_of(google: Remote, host: str, customer: str) -> dict[str, Any] | None:
    """Return the event of a customer's appointment, if it is there."""
    return next((it for it in google.standing(host) if customer in str(it)), None)


def begins(entry: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(entry["start"]).astimezone(UTC)


def test_google_is_connected_step_by_step(panel, google: Remote, house, picture):
    client_id, secret = google.get("client_id", "client_secret")
    panel.open()
    expect(panel.panel()).to_have_count(0)

    # Chosen, but not known to Google yet: the first step says what is missing.
    panel.choose_provider("Google")
    panel.settings.type("Google Client ID", client_id)
    panel.save()
    expect(panel.step("Registered")).to_contain_text("Missing")
    expect(panel.step("Registered")).to_contain_text("client secret")
    panel.settings.type("Google client secret", secret)
    panel.settings.switch("Compute agent availability")
    panel.save()
    expect(panel.step("Registered")).to_contain_text("Passed")
    redirect = panel.panel().get_by_label("Authorized redirect URI")
    expect(redirect).to_have_value(f"{house.url}/google/callback")
    picture(panel.page, "start")

    # A person who changes their mind at Google reads so, and nothing is connected.
    panel.sign_in(ACCOUNT, accept=False)
    expect(panel.page.get_by_text("nothing was connected")).to_be_visible()
    panel.open()
    expect(panel.step("Signed in")).to_contain_text("Waiting")

    panel.sign_in(ACCOUNT)
    panel.came_back()
    expect(panel.step("Permissions")).to_contain_text("calendar.freebusy")
    expect(panel.step("Permissions").get_by_text("Missing")).to_have_count(0)
    panel.create_host(HOST)
    checks = panel.test("dana@harbor.example")
    assert len(checks) >= 4
    assert all(check.endswith("Passed") for check in checks), checks
    assert "deleted again" in panel.send_test_appointment()
    panel.refresh()
    expect(panel.fact("Busy times read")).not_to_have_text("not yet", timeout=120_000)
    picture(panel.page, "connected")


@pytest.mark.usefixtures("browser")  # which keeps it behind the first test
def test_appointment_is_found_in_google_and_goes_with_it(
    host: str, google: Remote, bank: Bank
):
    start = bank.open_starts(TOPIC)[-1]
    name, email = somebody()
    token = bank.request(TOPIC, start, name=name, email=email)
    bank.confirm(token)

    entry = wait_for(lambda: entry_of(google, host, name))
    assert begins(entry) == start

    bank.cancel(token)
    wait_for(lambda: entry_of(google, host, name) is None or None)


@pytest.mark.usefixtures("host")
def test_slot_closes_when_everybody_is_busy_in_google_and_says_so(
    google: Remote, bank: Bank, simone, visitor, signed_in
):
    start = bank.open_starts(TOPIC)[-1]
    everybody = simone.get("/api/v1/admin/people").json()["people"]
    people = [it for it in everybody if it["email"].endswith("@harbor.example")]

    for person in people:
        until = start + timedelta(hours=1)
        google.busy(person["email"], start.astimezone(UTC), until.astimezone(UTC))
    refresh(simone)
    wait_for(lambda: start not in bank.open_starts(TOPIC) or None)

    board = BookingsPage(visitor(width=4000, **signed_in(TOM)))
    board.open_queues(start.date())
    why = board.why_on_focus(board.grey_slot("Home lending, English", start))
    assert "busy in their own calendar" in why
    assert re.search(r"minutes? old", why), why

    for person in people:
        google.free(person["email"])
    refresh(simone)
    wait_for(lambda: start in bank.open_starts(TOPIC) or None)


@pytest.mark.usefixtures("host")
def test_connection_is_lost_and_mended(
    google: Remote, simone, visitor, signed_in, panel
):
    page = visitor(**signed_in(GRACE))
    DashboardPage(page).open()
    needed = page.get_by_role("link", name="Google needs attention")
    expect(needed).to_have_count(0)

    google.revoke()
    refresh(simone)
    expect(needed).to_be_visible(timeout=120_000)
    needed.click()
    seen = AddonPage(page, GOOGLE)
    expect(seen.step("Signed in")).to_contain_text("Sign in again")

    panel.open().sign_in(ACCOUNT)
    panel.came_back()
    expect(needed).to_have_count(0)
    expect(seen.step("Signed in")).to_contain_text("Passed")
    expect(seen.step("Calendar")).to_contain_text(HOST)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [1280, 320])
@pytest.mark.usefixtures("host")
def test_panel_is_for_everybody(house, visitor, signed_in, width, dark, picture):
    page = visitor(width=width, dark=dark, **signed_in(SIMONE))
    inspector = Inspector(page, house.url)

    panel = AddonPage(page, GOOGLE).open()
    expect(panel.fact("Connected by")).to_be_visible()
    assert inspector.barriers() == []
    assert inspector.overhang() == 0
    picture(page, "panel")
    assert inspector.complaints == []


@pytest.mark.usefixtures("host")
def test_provider_is_disconnected_and_the_grant_is_gone(google: Remote, panel):
    panel.open()
    panel.panel().get_by_role("button", name="Disconnect…").click()
    dialog = panel.page.get_by_role("dialog", name="Disconnect the calendar provider")
    dialog.get_by_role("button", name="Disconnect", exact=True).click()

    expect(panel.told()).to_have_text(re.compile("Google is disconnected"))
    wait_for(lambda: all(it["is_revoked"] for it in grants(google)) or None)


def grants(google: Remote) -> list[dict[str, Any]]:
    return list(google.read("refresh_tokens").values())
