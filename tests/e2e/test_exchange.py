"""Exchange from nothing: connected in the panel, and both calendars agree."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from playwright.sync_api import expect

from tests.e2e.pages.addon import EXCHANGE, AddonPage
from tests.e2e.pages.bank import Bank, somebody
from tests.e2e.pages.inspector import Inspector
from tests.e2e.pages.staff import PASSWORD, BookingsPage, DashboardPage
from tests.e2e.pages.vendors import wait_for
from tests.support.vendor.control import Remote

pytestmark = pytest.mark.browser

SIMONE, GRACE, TOM = (f"{name}@harbor.example" for name in ("simone", "grace", "tom"))
TOPIC = "Mortgage advice"
SERVER, USER, WORD = "Webmail server", "Exchange user name", "Exchange password"
CHANGED = "a new battery"
ENTERED = tuple(
    f"calendars.{name}"
    for name in (
        "compute_availability",
        "exchange_server",
        "exchange_user",
        "exchange_password",
    )
)


@pytest.fixture(scope="module")
def simone(house) -> Iterator[httpx.Client]:
    """The super admin's side of the API."""
    with httpx.Client(base_url=house.url, headers={"Origin": house.url}) as web:
        web.post("/session/sign-in", data={"email": SIMONE, "password": PASSWORD})
        yield web


@pytest.fixture(scope="module", autouse=True)
def alone_again(simone, exchange: Remote) -> Iterator[None]:
    """Leave the bank without a calendar; whatever broke the schemas fails.

    Raises:
        AssertionError: With a sentence for each thing that broke Microsoft's schemas.
    """
    let_go(simone)
    exchange.reset()
    yield
    let_go(simone)
    violations = exchange.read("violations")
    exchange.reset()
    assert violations == []


@pytest.fixture
def panel(visitor, signed_in) -> AddonPage:
    """The super admin at the panel."""
    return AddonPage(visitor(**signed_in(SIMONE)), EXCHANGE)


@pytest.fixture(scope="module")
def linked(simone) -> str:
    """The account that the first test of this file has connected."""
    connection = simone.get("/api/v1/admin/calendars").json()["connection"]
    return connection["account"]


def let_go(simone: httpx.Client) -> None:
    """End whatever is connected, and forget what was entered for it."""
    word = {"to": "none", "typed": "None", "cancel_events": False}
    answer = simone.post("/api/v1/admin/calendars/switch", json=word)
    assert answer.is_success or "already" in answer.text, answer.text
    defaults = {key: {"value": None} for key in ENTERED}
    simone.put("/api/v1/admin/settings", json=defaults).raise_for_status()


def refresh(simone: httpx.Client) -> None:
    """Have Exchange read now."""
    simone.post("/api/v1/admin/calendars/refresh").raise_for_status()


def item_of(exchange: Remote, customer: str) -> dict[str, Any] | None:
    """Return the item of a customer's appointment, if it is there."""
    return next((it for it in exchange.standing() if customer in str(it)), None)


def begins(item: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(item["start"]).astimezone(UTC)


def test_exchange_is_connected_step_by_step(panel, exchange: Remote, picture):
    address, user, password = exchange.get("url", "user", "password")
    panel.open()
    expect(panel.panel()).to_have_count(0)

    # Chosen, but no account is named yet: the first step says what is missing.
    panel.choose_provider("Exchange")
    panel.settings.type(SERVER, address)
    panel.save()
    expect(panel.step("Server and account")).to_contain_text("Missing")
    expect(panel.step("Server and account")).to_contain_text(USER)
    picture(panel.page, "start")
    panel.settings.type(USER, user)
    panel.settings.type(WORD, "mistyped")
    panel.settings.switch("Compute agent availability")
    panel.save()
    expect(panel.step("Server and account")).to_contain_text("Passed")
    expect(panel.step("Connected")).to_contain_text("Waiting")

    # A wrong password is said where Connect was pressed, and nothing is connected.
    checks = panel.connect("1 of 3 checks failed")
    assert [check.endswith("Failed") for check in checks] == [False, False, True]
    assert "does not accept the user name and the password" in checks[-1]
    expect(panel.step("Connected")).to_contain_text("Waiting")
    picture(panel.page, "refused")

    panel.settings.type(WORD, password)
    panel.save()
    checks = panel.connect("checks passed")
    assert len(checks) >= 6
    assert all(check.endswith("Passed") for check in checks), checks
    expect(panel.step("Connected")).to_contain_text("Passed")
    expect(panel.step("Connected")).to_contain_text(user)
    expect(panel.step("Calendar")).to_contain_text(user)

    probed = panel.test("dana@harbor.example")
    assert all(check.endswith("Passed") for check in probed), probed
    assert "dana@harbor.example" in str(probed)
    assert "deleted again" in panel.send_test_appointment()
    assert item_of(exchange, "test appointment") is None
    panel.refresh()
    expect(panel.fact("Busy times read")).not_to_have_text("not yet", timeout=120_000)
    picture(panel.page, "connected")


@pytest.mark.usefixtures("browser", "linked")  # "browser": behind the first test
def test_appointment_is_found_in_exchange_and_goes_with_it(
    exchange: Remote, bank: Bank
):
    start = bank.open_starts(TOPIC)[-1]
    name, email = somebody()
    token = bank.request(TOPIC, start, name=name, email=email)
    bank.confirm(token)

    item = wait_for(lambda: item_of(exchange, name))
    assert begins(item) == start

    bank.cancel(token)
    wait_for(lambda: item_of(exchange, name) is None or None)


@pytest.mark.usefixtures("linked")
def test_slot_closes_when_everybody_is_busy_in_exchange_and_says_so(
    exchange: Remote, bank: Bank, simone, visitor, signed_in
):
    start = bank.open_starts(TOPIC)[-1]
    people = simone.get("/api/v1/admin/people").json()["people"]

    for person in people:
        until = start + timedelta(hours=1)
        exchange.busy(person["email"], start.astimezone(UTC), until.astimezone(UTC))
    refresh(simone)
    wait_for(lambda: start not in bank.open_starts(TOPIC) or None)

    board = BookingsPage(visitor(width=4000, **signed_in(TOM)))
    board.open_queues(start.date())
    why = board.why_on_focus(board.grey_slot("Home lending, English", start))
    assert "busy in their own calendar" in why
    assert re.search(r"minutes? old", why), why

    for person in people:
        exchange.free(person["email"])
    refresh(simone)
    wait_for(lambda: start in bank.open_starts(TOPIC) or None)


@pytest.mark.usefixtures("linked")
def test_changed_password_is_said_and_works_again_once_it_is_entered(
    exchange: Remote, simone, visitor, signed_in, panel, picture
):
    page = visitor(**signed_in(GRACE))
    DashboardPage(page).open()
    needed = page.get_by_role("link", name="Exchange needs attention")
    expect(needed).to_have_count(0)

    exchange.set(password=CHANGED)
    refresh(simone)
    expect(needed).to_be_visible(timeout=120_000)
    needed.click()
    seen = AddonPage(page, EXCHANGE)
    expect(seen.panel()).to_contain_text("Correct the Exchange password")
    expect(seen.step("Connected")).to_contain_text("Check the account")
    picture(page, "lost")

    # It is used at once, without another press.
    panel.open().settings.type(WORD, CHANGED)
    panel.save()
    expect(needed).to_have_count(0, timeout=120_000)
    expect(seen.step("Connected")).to_contain_text("Passed")
    assert "deleted again" in panel.send_test_appointment()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [1280, 320])
@pytest.mark.usefixtures("linked")
def test_panel_is_for_everybody(house, visitor, signed_in, width, dark, picture):
    page = visitor(width=width, dark=dark, **signed_in(SIMONE))
    inspector = Inspector(page, house.url)

    panel = AddonPage(page, EXCHANGE).open()
    expect(panel.fact("Connected by")).to_be_visible()
    assert inspector.barriers() == []
    assert inspector.overhang() == 0
    panel.step("Calendar").scroll_into_view_if_needed()
    picture(page, "panel")
    assert inspector.complaints == []


@pytest.mark.usefixtures("linked")
def test_provider_is_disconnected_and_is_not_asked_any_more(panel):
    panel.open()
    panel.panel().get_by_role("button", name="Disconnect…").click()
    dialog = panel.page.get_by_role("dialog", name="Disconnect the calendar provider")
    dialog.get_by_role("button", name="Disconnect", exact=True).click()

    expect(panel.told()).to_have_text(re.compile("Exchange is disconnected"))
    expect(panel.step("Connected")).to_contain_text("Waiting")
