"""The way back from Microsoft, and connections over the API."""

from datetime import timedelta

import pytest

from invo_booking.domain.access.roles import Role
from invo_booking.usecases.calendars import checks, connections
from tests.api.conftest import serve
from tests.api.connecting import ORIGIN, begun, signed_in
from tests.support.bank import PASSWORD
from tests.support.connecting import reaching, register, stored, trail
from tests.support.microsoft.fixtures import outlook, outlook_server

__all__ = ["outlook", "outlook_server"]

ADMIN = "/api/v1/admin/calendars"


@pytest.fixture
def deps(deps, outlook):
    return reaching(deps, outlook)


@pytest.fixture
def grace(bank, outlook):
    register(bank, outlook)
    return bank.agent("Grace", roles=(Role.ADMINISTRATOR,), password=PASSWORD)


@pytest.fixture
def browser(deps, grace, kept_parts):
    del grace, kept_parts
    return signed_in(deps, "grace")


@pytest.fixture
def answer(deps, grace, browser, outlook):
    return outlook.approve(begun(deps, grace, browser))


@pytest.fixture
def connected(browser, answer):
    assert browser.get("/outlook", params=answer).status_code == 303
    return browser


def test_browser_comes_back_connected_to_the_calendars_page(deps, browser, answer):
    told = browser.get("/outlook", params=answer)

    assert told.status_code == 303
    assert told.headers["location"] == "/settings/calendars"
    assert told.headers["cache-control"] == "no-store"
    assert told.headers["referrer-policy"] == "no-referrer"
    assert stored(deps).account == "scheduling@bank.example"


def test_another_browser_of_the_same_person_is_told_so_on_a_plain_page(
    deps, browser, answer
):
    """RELIABILITY 94."""
    elsewhere = signed_in(deps, "grace")

    told = elsewhere.get("/outlook", params=answer)

    assert told.status_code == 403
    assert "nothing was connected" in told.text
    assert "default-src 'none'" in told.headers["content-security-policy"]
    assert stored(deps) is None
    assert browser.get("/outlook", params=answer).status_code == 403
    assert [why for action, why in trail(deps) if action == "sign-in refused"] == [
        "another browser",
        "unknown or used",
    ]


def test_whoever_is_not_signed_in_connects_nothing(deps, browser, answer):
    assert browser
    told = serve(deps).get("/outlook", params=answer)

    assert (told.status_code, stored(deps)) == (401, None)


def test_agent_who_gets_hold_of_an_answer_connects_nothing(deps, bank, answer):
    bank.agent("Ana", password=PASSWORD)

    told = signed_in(deps, "ana").get("/outlook", params=answer)

    assert (told.status_code, stored(deps)) == (403, None)
    assert trail(deps, "request")[-1][0] == "refused"


def test_what_microsoft_sends_on_an_error_is_explained(deps, grace, browser, outlook):
    answer = outlook.approve(begun(deps, grace, browser), accept=False)
    assert "error" in answer

    told = browser.get("/outlook", params=answer)

    assert told.status_code == 409
    assert "Back to Calendars" in told.text
    assert stored(deps) is None


def test_markup_and_doubled_parameters_do_nothing(deps, browser):
    told = browser.get("/outlook", params={"state": "<script>", "error": "<script>"})
    doubled = browser.get("/outlook?state=a&state=b")

    assert (told.status_code, doubled.status_code) == (403, 422)
    assert "<script>" not in told.text
    assert stored(deps) is None


def consent_link(deps, grace):
    return connections.connection_panel(deps, grace).consent_url


def test_consent_is_answered_to_whoever_gave_it_without_a_session_here(
    deps, grace, outlook
):
    back = outlook.approve(consent_link(deps, grace), email="root@bank.example")
    assert "code" not in back

    told = serve(deps).get("/outlook", params=back)

    assert told.status_code == 200
    assert "Permissions granted" in told.text
    assert "must now sign in again" in told.text
    assert told.headers["cache-control"] == "no-store"
    assert stored(deps) is None


def test_consent_that_was_declined_says_that_nothing_was_granted(deps, grace, outlook):
    back = outlook.approve(consent_link(deps, grace), accept=False)

    told = serve(deps).get("/outlook", params=back)

    assert told.status_code == 409
    assert "Permissions not granted" in told.text


def test_consent_for_another_tenant_is_told_apart(deps, grace, outlook):
    back = outlook.approve(consent_link(deps, grace))
    back["tenant"] = outlook.add_tenant("other.example")

    told = serve(deps).get("/outlook", params=back)

    assert told.status_code == 409
    assert "another organization" in told.text


@pytest.mark.parametrize("days", [0, 31])
def test_consent_with_a_state_that_is_not_ours_or_old_is_not_believed(
    deps, grace, outlook, clock, days
):
    back = outlook.approve(consent_link(deps, grace))
    clock.advance(timedelta(days=days))
    if not days:
        back["state"] = "consent." + back["state"].partition(".")[2][::-1]

    told = serve(deps).get("/outlook", params=back)

    assert told.status_code == 403
    assert "not the answer to a link" in told.text


@pytest.mark.parametrize("method", ["HEAD", "POST", "PUT", "DELETE"])
def test_only_get_comes_back(browser, method):
    told = browser.request(method, "/outlook", headers=ORIGIN)

    assert told.status_code == 405


def test_api_shows_the_connection_and_nothing_of_its_tokens(connected):
    told = connected.get(ADMIN).json()

    assert told["provider"] == "outlook"
    assert told["connection"]["state"] == "connected"
    assert told["connection"]["account"] == "scheduling@bank.example"
    assert all(it["granted"] for it in told["permissions"])
    assert "grant" not in str(told["connection"])
    assert "eyJ" not in str(told)


def test_api_chooses_a_group_tests_and_refreshes(connected, outlook):
    group = outlook.group("Invo Booking", owners=("scheduling@bank.example",))

    hosts = connected.get(f"{ADMIN}/hosts").json()["hosts"]
    assert [(it["id"], it["name"]) for it in hosts] == [(group, "Invo Booking")]
    body = {"host": group}
    chosen = connected.put(f"{ADMIN}/host", json=body, headers=ORIGIN)
    assert chosen.json()["host"]["id"] == group
    found = connected.post(f"{ADMIN}/test", headers=ORIGIN).json()
    assert found["ok"], found
    written = connected.post(f"{ADMIN}/test-appointment", headers=ORIGIN).json()
    assert written["ok"], written
    assert connected.post(f"{ADMIN}/refresh", headers=ORIGIN).status_code == 202


def test_api_says_when_a_test_appointment_may_be_sent_again(connected, outlook):
    group = outlook.group("Invo Booking", owners=("scheduling@bank.example",))
    connected.put(f"{ADMIN}/host", json={"host": group}, headers=ORIGIN)
    told = [
        connected.post(f"{ADMIN}/test-appointment", headers=ORIGIN)
        for _ in range(checks.MOST_TRIALS + 1)
    ]

    assert [it.status_code for it in told] == [200] * checks.MOST_TRIALS + [429]
    assert told[-1].json()["code"] == "too_many_requests"
    assert told[-1].json()["detail"].endswith("Try again in 60 minutes.")
    assert 0 < int(told[-1].headers["retry-after"]) <= 3600


def test_api_makes_a_group_and_ends_the_connection(connected):
    made = connected.post(f"{ADMIN}/hosts", json={"name": "Ours"}, headers=ORIGIN)
    assert (made.status_code, made.json()["host"]["name"]) == (201, "Ours")

    ended = connected.post(f"{ADMIN}/disconnect", headers=ORIGIN)

    assert ended.json()["connection"] is None
    refused = connected.post(f"{ADMIN}/refresh", headers=ORIGIN)
    assert (refused.status_code, refused.json()["code"]) == (404, "not_found")


def test_api_switches_for_super_admins_who_typed_the_word(deps, bank, connected):
    body = {"to": "none", "typed": "None", "cancel_events": False}
    told = connected.post(f"{ADMIN}/switch", json=body, headers=ORIGIN)
    assert told.status_code == 403

    bank.agent("Simone", roles=(Role.SUPER_ADMIN,), password=PASSWORD)
    simone = signed_in(deps, "simone")
    found = simone.get(f"{ADMIN}/switch", params={"to": "none"}).json()
    assert (found["word"], found["provider"]) == ("None", "outlook")
    wrong = simone.post(f"{ADMIN}/switch", json=body | {"typed": "x"}, headers=ORIGIN)
    assert wrong.json()["errors"] == {"typed": "Type “None” to switch."}
    done = simone.post(f"{ADMIN}/switch", json=body, headers=ORIGIN)

    assert (done.status_code, stored(deps)) == (200, None)


def test_provider_that_wants_patience_says_how_long(connected, outlook):
    outlook.misbehave("GET", "*", status=429, retry_after=120)

    told = connected.get(f"{ADMIN}/hosts")

    assert (told.status_code, told.json()["code"]) == (503, "provider_throttled")
    assert told.headers["retry-after"] == "120"


def test_staff_have_nothing_to_decide_where_everything_agrees(connected):
    assert connected.get("/api/v1/staff/conflicts").json() == {"conflicts": []}
