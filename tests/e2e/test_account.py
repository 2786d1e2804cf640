"""One's own account, and how the pages look: light or dark."""

import httpx
import pytest
from playwright.sync_api import expect

from tests.e2e.pages.bank import Bank, Desk
from tests.e2e.pages.profile import ProfilePage
from tests.e2e.pages.public import LandingPage
from tests.e2e.pages.staff import PASSWORD, DashboardPage, SignInPage
from tests.e2e.test_staff import AGENT_NAME, book_for

pytestmark = pytest.mark.browser

AGENT, OTHER = "dana@harbor.example", "priya@harbor.example"
CANVAS = "getComputedStyle(document.documentElement).backgroundColor"
DARK, LIGHT = "rgb(17, 17, 19)", "rgb(249, 249, 251)"


def sign_in(page, email: str, password: str = PASSWORD) -> None:
    SignInPage(page).enter(email, password)
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_token_made_on_the_page_opens_the_api_until_it_is_revoked(
    house, visitor, signed_in
):
    page = visitor(**signed_in(AGENT))
    profile = ProfilePage(page).open()
    catalogue = f"{house.url}/api/v1/staff/catalogue"

    secret = profile.make_token("Wall display", PASSWORD)
    headers = {"Authorization": f"Bearer {secret}"}
    before = httpx.get(catalogue, headers=headers)
    shown = page.content()
    profile.revoke("Wall display")

    assert before.status_code == httpx.codes.OK
    assert secret not in shown
    after = httpx.get(catalogue, headers=headers)
    assert after.status_code == httpx.codes.UNAUTHORIZED


def test_signing_out_all_others_ends_them_at_their_next_click(visitor):
    here, there = visitor(), visitor()
    sign_in(there, OTHER)
    sign_in(here, OTHER)

    ProfilePage(here).open().sign_out_others()
    there.goto("/dashboard")

    expect(there.get_by_role("heading", name="Sign in")).to_be_visible()


def test_wrong_present_password_changes_nothing_and_says_so(visitor, signed_in):
    page = visitor(**signed_in(AGENT))

    ProfilePage(page).open().change_password("wrong", "another long password")

    field = page.get_by_label("Current password")
    expect(field).to_have_accessible_description("This is not your password.")
    expect(field).to_be_focused()


def test_agent_without_the_right_to_assign_can_undo_taking(
    visitor, signed_in, bank: Bank, desk: Desk
):
    booked = book_for(bank, desk, AGENT_NAME)
    name, token = booked.name, booked.token
    bank.confirm(token)
    page = visitor(**signed_in(AGENT))
    dashboard = DashboardPage(page).open()
    dashboard.take(name)
    told = dashboard.taken()

    page.get_by_role("button", name="Undo").click()

    expect(dashboard.waiting(name)).to_be_visible()
    assert name in told
    assert bank.look(token)["agent"] == ""


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_look_is_switched_and_stays_whatever_the_system_says(house, visitor, dark):
    page = visitor(dark=dark)
    LandingPage(page, house.url).open()
    other = "light" if dark else "dark"
    before = page.evaluate(CANVAS)

    page.get_by_role("button", name=f"Switch to {other} colors").click()
    expect(page.get_by_role("button", name="Switch to")).to_have_accessible_name(
        f"Switch to {'dark' if dark else 'light'} colors"
    )
    switched = page.evaluate(CANVAS)
    page.reload()
    page.wait_for_load_state("networkidle")

    assert (before, switched) == ((DARK, LIGHT) if dark else (LIGHT, DARK))
    assert page.evaluate(CANVAS) == switched
