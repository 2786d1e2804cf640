"""Forms of one's own account, and who may act with what."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest

from invo_booking.web.profile.view import PROBLEMS
from tests.api.test_staff import ORIGIN, session_of, token_of
from tests.support.bank import PASSWORD

CATALOGUE = "/api/v1/staff/catalogue"
TOKENS = "/api/v1/profile/tokens"


@pytest.fixture
def browser(api, ana):
    """Ana at her browser."""
    assert ana
    token = session_of(api, "ana")
    api.cookies.set("invo_session", token)
    return api


def make(browser, name="Report", days="30", scope="write", password=PASSWORD):
    form = {"name": name, "days": days, "scope": scope, "password": password}
    return browser.post("/session/tokens", data=form, headers=ORIGIN)


def secret_of(answer):
    return re.search(r"invo_[\w-]{43}", answer.text).group()


def test_token_is_shown_once_and_not_kept_by_any_cache(browser):
    answer = make(browser)

    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert len(re.findall(r"invo_[\w-]{43}", answer.text)) == 1


def test_program_with_a_token_is_let_in_without_a_cookie(browser):
    secret = secret_of(make(browser))
    browser.cookies.clear()

    answer = browser.get(CATALOGUE, headers={"authorization": f"Bearer {secret}"})

    assert answer.status_code == 200


def test_token_of_a_browsers_session_is_no_bearer_token(browser):
    session = browser.cookies["invo_session"]
    browser.cookies.clear()

    answer = browser.get(CATALOGUE, headers={"authorization": f"Bearer {session}"})

    assert answer.status_code == 401


def test_token_is_no_cookie(browser):
    secret = secret_of(make(browser))
    browser.cookies.clear()
    browser.cookies.set("invo_session", secret)

    assert browser.get(CATALOGUE).status_code == 401


@pytest.mark.parametrize("path", ["/session/tokens", "/session/password"])
def test_program_can_neither_make_tokens_nor_change_the_password(api, ana, path):
    assert ana
    token = token_of(api, "ana")

    answer = api.post(path, data={"name": "More", "days": "365"}, headers=token)

    assert answer.status_code == 401


@pytest.mark.parametrize(
    ("name", "days", "place"),
    [
        ("", "30", "/profile?error=token-name"),
        ("x" * 81, "30", "/profile?error=token-name"),
        ("x", "31", "/profile?error=token-days"),
        ("x", "-1", "/profile?error=token-days"),
        ("x", "\u0663\u0660", "/profile?error=token-days"),
        ("x", "", "/profile?error=token-days"),
    ],
)
def test_form_that_cannot_be_used_leads_back_with_the_reason(
    browser, name, days, place
):
    answer = make(browser, name, days)

    assert answer.status_code == 303
    assert answer.headers["location"].startswith(place)


@pytest.mark.parametrize(
    ("wrong", "place"),
    [
        ({"scope": "admin"}, "/profile?error=token-scope"),
        ({"scope": ""}, "/profile?error=token-scope"),
        ({"password": "wrong"}, "/profile?error=token-password"),
        ({"password": ""}, "/profile?error=token-password"),
    ],
)
def test_scope_beyond_the_role_or_a_wrong_password_makes_no_token(
    browser, wrong, place
):
    answer = make(browser, **wrong)

    assert answer.headers["location"].startswith(place)
    assert browser.get(TOKENS).json() == []


def test_refused_form_of_a_token_comes_back_as_it_was_typed(browser):
    answer = make(browser, days="365", scope="read", password="wrong")

    query = parse_qs(urlsplit(answer.headers["location"]).query)
    assert query == {
        "error": ["token-password"],
        "name": ["Report"],
        "scope": ["read"],
        "days": ["365"],
    }


def test_owner_lists_and_revokes_tokens_at_the_browser_only(browser):
    secret = secret_of(make(browser))
    token = {"authorization": f"Bearer {secret}"}
    (listed,) = browser.get(TOKENS).json()

    assert (listed["name"], listed["scope"]) == ("Report", "write")
    assert secret not in browser.get(TOKENS).text
    address = f"{TOKENS}/{listed['key']}"
    assert browser.delete(address, headers={**token, "cookie": ""}).status_code == 401
    assert browser.delete(address, headers=ORIGIN).status_code == 204
    assert browser.get(CATALOGUE, headers=token).status_code == 401


def test_token_that_may_read_changes_nothing(browser):
    token = {"authorization": f"Bearer {secret_of(make(browser, scope='read'))}"}

    assert browser.get(CATALOGUE, headers=token).status_code == 200
    answer = browser.post("/api/v1/staff/appointments", json={}, headers=token)
    assert answer.status_code == 403
    assert "scope" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("scope", "method", "path"),
    [
        ("read", "POST", "/api/v1/staff/appointments"),
        ("write", "GET", "/api/v1/admin/settings"),
        ("write", "POST", "/session/tokens"),
        ("write", "DELETE", "/api/v1/profile/tokens/{key}"),
    ],
)
def test_what_a_token_was_refused_is_in_the_audit_trail(
    browser, deps, scope, method, path
):
    token = {"authorization": f"Bearer {secret_of(make(browser, scope=scope))}"}
    browser.cookies.clear()

    answers = [
        browser.request(method, path.format(key="x"), headers=token) for _ in range(2)
    ]

    assert {it.status_code for it in answers} <= {401, 403}
    with deps.unit_of_work() as work:
        (entry,) = work.audit.history(f"{method} {path}")
    assert (entry.actor, entry.action) == ("Ana", "refused")
    assert entry.detail == {"roles": ["agent"], "scope": scope}


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"days": "7"},
        {"scope": "all"},
        {"password": "wrong"},
        {"submit_key": "x" * 300},
    ],
)
def test_page_says_why_no_token_was_made(browser, wrong):
    fields = {"name": "Report", "days": "30", "scope": "write", "password": PASSWORD}

    for _ in range(12):  # of wrong passwords, the last ones have to wait
        answer = browser.post("/session/tokens", data=fields | wrong, headers=ORIGIN)

        where = urlsplit(answer.headers["location"])
        assert where.path == "/profile"
        assert PROBLEMS.get(parse_qs(where.query)["error"][0]), where.query


def test_name_of_a_token_is_shown_as_text(browser):
    answer = make(browser, "<b>bold</b>")

    assert "<b>bold</b>" not in answer.text
    assert "&lt;b&gt;bold" in answer.text


def change(browser, current, new):
    form = {"current": current, "new": new}
    return browser.post("/session/password", data=form, headers=ORIGIN)


def test_new_password_leads_back_to_the_profile(browser):
    answer = change(browser, PASSWORD, "another long password")

    assert answer.status_code == 303
    assert answer.headers["location"] == "/profile?done=password"
    assert browser.get(CATALOGUE).status_code == 200


@pytest.mark.parametrize(
    ("current", "new", "field", "why"),
    [
        ("wrong", "another long password", "current", "This is not your password."),
        (PASSWORD, "short", "new", "12 to 256 characters"),
        (PASSWORD, "password1234", "new", "very common password"),
        (PASSWORD, PASSWORD, "new", "the password you have already"),
    ],
)
def test_password_that_cannot_be_used_is_told_beside_its_field(
    browser, current, new, field, why
):
    answer = change(browser, current, new)

    assert answer.status_code == 422
    told = re.search(rf'id="{field}-error" role="alert">([^<]+)<', answer.text)
    assert told is not None
    assert why in told.group(1)
    assert re.search(rf'id="{field}"[^>]+aria-invalid="true"', answer.text)
    assert current not in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert browser.get(CATALOGUE).status_code == 200


def test_other_sites_can_neither_change_the_password_nor_make_a_token(browser):
    foreign = {"origin": "https://evil.example"}

    for path in ("/session/password", "/session/tokens"):
        assert browser.post(path, headers=foreign).status_code == 403
        assert browser.post(path).status_code == 403
