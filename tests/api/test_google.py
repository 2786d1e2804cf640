"""The way back from Google."""

import pytest

from invo_booking.domain.access.roles import Role
from tests.api.conftest import serve
from tests.api.connecting import ORIGIN, begun, signed_in
from tests.support.bank import PASSWORD
from tests.support.connecting import reaching, stored
from tests.support.google import SCHEDULER
from tests.support.google.fixtures import google, google_server
from tests.support.google_bank import register_google

__all__ = ["google", "google_server"]

BACK = "/google/callback"
ADMIN = "/api/v1/admin/calendars"
ENDS = {
    "disconnect": None,
    "switch": {"to": "none", "typed": "None", "cancel_events": False},
}


@pytest.fixture
def deps(deps, google):
    return reaching(deps, google)


@pytest.fixture
def grace(bank, google):
    register_google(bank, google)
    return bank.agent("Grace", roles=(Role.ADMINISTRATOR,), password=PASSWORD)


@pytest.fixture
def browser(deps, grace, kept_parts):
    del grace, kept_parts
    return signed_in(deps, "grace")


@pytest.fixture
def answer(deps, grace, browser, google):
    return google.approve(begun(deps, grace, browser), email=SCHEDULER)


def test_browser_comes_back_from_google_connected(deps, browser, answer):
    told = browser.get(BACK, params=answer)

    assert told.status_code == 303
    assert told.headers["location"] == "/settings/calendars"
    assert told.headers["cache-control"] == "no-store"
    assert told.headers["referrer-policy"] == "no-referrer"
    assert (stored(deps).provider, stored(deps).account) == ("google", SCHEDULER)


def test_another_browser_connects_no_google_account(deps, browser, answer):
    assert browser
    told = signed_in(deps, "grace").get(BACK, params=answer)

    assert told.status_code == 403
    assert "nothing was connected" in told.text
    assert "default-src 'none'" in told.headers["content-security-policy"]
    assert stored(deps) is None
    assert browser.get(BACK, params=answer).status_code == 403


def test_answer_of_google_is_not_taken_at_the_address_of_outlook(deps, browser, answer):
    assert browser.get("/outlook", params=answer).status_code == 403
    assert stored(deps) is None


def test_nobody_without_a_session_connects_a_google_account(deps, browser, answer):
    assert browser
    told = serve(deps).get(BACK, params=answer)

    assert (told.status_code, stored(deps)) == (401, None)


def test_agent_connects_no_google_account(deps, bank, answer):
    bank.agent("Ana", password=PASSWORD)

    told = signed_in(deps, "ana").get(BACK, params=answer)

    assert (told.status_code, stored(deps)) == (403, None)


def test_sign_in_cancelled_at_google_is_explained(deps, grace, browser, google):
    answer = google.approve(begun(deps, grace, browser), email=SCHEDULER, accept=False)
    assert "error" in answer

    told = browser.get(BACK, params=answer)

    assert told.status_code == 409
    assert "Back to Calendars" in told.text
    assert stored(deps) is None


@pytest.mark.parametrize("path", list(ENDS))
def test_ended_connection_tells_that_google_was_not_asked_to_forget_it(
    deps, bank, browser, answer, google, path
):
    browser.get(BACK, params=answer)
    bank.agent("Simone", roles=(Role.SUPER_ADMIN,), password=PASSWORD)
    google.misbehave("POST", "/revoke", status=503, times=None)

    simone = signed_in(deps, "simone")
    told = simone.post(f"{ADMIN}/{path}", json=ENDS[path], headers=ORIGIN).json()

    assert told["connection"] is None
    assert "could not be asked to forget the sign-in" in told["revocation_problem"]


def test_ended_connection_that_google_forgets_has_no_problem(browser, answer):
    browser.get(BACK, params=answer)

    told = browser.post(f"{ADMIN}/disconnect", headers=ORIGIN).json()

    assert told["revocation_problem"] == ""
