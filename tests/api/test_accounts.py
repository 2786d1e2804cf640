"""The plain pages by which people set their password."""

import re
from dataclasses import replace
from http.cookies import SimpleCookie

import pytest

from invo_booking.domain.access.roles import Role
from invo_booking.usecases.accounts import links, sessions
from invo_booking.usecases.admin import inviting, people, staffing
from tests.api.conftest import serve
from tests.api.test_session import ORIGIN, sign_in
from tests.api.test_staff import session_of
from tests.support.accounts import (
    mailed_links,
    with_mail_server,
    with_password_given,
)
from tests.support.api_document import api_document
from tests.support.bank import PASSWORD
from tests.usecases.test_staffing import draft

FORGOT, SET = "/session/forgot-password", "/session/set-password"
NEW = "purple ladders eat at noon"


@pytest.fixture
def ada(bank):
    return bank.agent("Ada", roles=(Role.ADMINISTRATOR,), password=PASSWORD)


def link_of(deps, email="ana@bank.example"):
    return people.make_password_link(deps, email).rpartition("=")[2]


def send(api, link, password=NEW):
    form = {"link": link, "password": password}
    return api.post(SET, data=form, headers=ORIGIN)


def test_answer_to_a_forgotten_password_is_the_same_for_everybody(
    deps, api, ana, postbox
):
    told = [
        api.post(FORGOT, data={"email": email}, headers=ORIGIN)
        for email in (ana.email, "nobody@bank.example")
    ]

    assert [answer.status_code for answer in told] == [200, 200]
    assert told[0].text == told[1].text
    assert len(mailed_links(deps, postbox)) == 1


def test_what_is_no_address_is_told_beside_the_field(api, ana):
    assert ana
    answer = api.post(FORGOT, data={"email": "<b>"}, headers=ORIGIN)

    assert answer.status_code == 422
    assert re.search(r'id="email-error" role="alert">Enter your e-mail', answer.text)
    assert 'aria-describedby="email-error"' in answer.text
    assert "<b>" not in answer.text


def test_asking_too_often_is_told(api, ana):
    for _ in range(links.MOST_FOR_ACCOUNT):
        api.post(FORGOT, data={"email": ana.email}, headers=ORIGIN)

    answer = api.post(FORGOT, data={"email": ana.email}, headers=ORIGIN)

    assert answer.status_code == 429
    assert "Too many links were requested" in answer.text


def test_a_link_shows_a_form_password_managers_know_and_is_kept_nowhere(deps, api, ana):
    link = link_of(deps)

    page = api.get(SET, params={"link": link})

    assert page.status_code == 200
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["referrer-policy"] == "strict-origin"
    assert 'autocomplete="new-password"' in page.text
    assert f'value="{ana.email}" autocomplete="username"' in page.text
    assert "'unsafe-inline'" not in re.search(
        "script-src([^;]*)", page.headers["content-security-policy"]
    ).group(1)
    assert api.get(SET, params={"link": link}).status_code == 200


def test_password_of_ones_own_is_set_and_the_browser_known(deps, api, ana):
    answer = send(api, link_of(deps))

    assert answer.status_code == 303
    assert answer.headers["location"] == "/sign-in?done=password"
    cookie = SimpleCookie(answer.headers["set-cookie"])["invo_known"]
    assert (cookie["path"], cookie["httponly"]) == ("/session/", True)
    with deps.unit_of_work() as work:
        assert work.guesses.knows(links.hash_secret(cookie.value), ana.id)
    assert sign_in(api, NEW).headers["location"] == "/dashboard"


def test_weak_password_is_told_beside_the_field_and_the_link_goes_on(deps, api, ana):
    assert ana
    link = link_of(deps)

    answer = send(api, link, "password1234")

    assert answer.status_code == 422
    assert re.search(r'id="password-error" role="alert">This is a very', answer.text)
    assert "password1234" not in answer.text
    assert send(api, link).status_code == 303


@pytest.mark.parametrize("link", ["", "x" * 32, "x" * 900, "<script>"])
def test_link_that_is_over_says_what_to_do(api, ana, link):
    assert ana
    for answer in (api.get(SET, params={"link": link}), send(api, link)):
        assert answer.status_code == 404
        assert "no longer works" in answer.text
        assert "/session/forgot-password" in answer.text
        assert "<script>" not in answer.text.partition("<main")[2]


@pytest.mark.parametrize("path", [FORGOT, SET, "/session/account-link"])
def test_other_sites_can_send_none_of_these_forms(api, ana, path):
    assert ana
    foreign = {"origin": "https://evil.example"}

    assert api.post(path, headers=foreign).status_code == 403


def test_password_others_know_lets_nobody_in_until_it_is_replaced(deps, api, ana):
    people.reset_password(deps, ana.email, "a password for a day")

    answer = sign_in(api, "a password for a day")

    where = answer.headers["location"]
    assert where.startswith("/session/set-password?link=")
    assert "invo_session" not in answer.headers["set-cookie"]
    assert "Somebody else knows the password" in api.get(where).text
    again = send(api, where.rpartition("=")[2], "a password for a day")
    assert "have already" in again.text
    assert send(api, where.rpartition("=")[2]).status_code == 303
    assert sign_in(api, NEW).headers["location"] == "/dashboard"


def test_cookie_of_a_session_lasts_as_long_as_the_session(bank, api, ana):
    from invo_booking.settings import general  # noqa: PLC0415

    assert ana
    bank.set(general.SESSION_LONGEST, "90")

    assert "Max-Age=5400" in sign_in(api).headers["set-cookie"]


def test_known_browser_gets_in_while_the_office_is_slowed_down(api, bank, ana):
    assert ana
    ben = bank.agent("Ben", password=PASSWORD)
    assert sign_in(api).headers["location"] == "/dashboard"
    mark = api.cookies["invo_known"]
    for n in range(25):
        sign_in(api, "wrong", email=f"somebody{n}@bank.example")

    assert sign_in(api).headers["location"] == "/dashboard"
    api.cookies.clear()
    assert sign_in(api, email=ben.email).headers["location"] == "/sign-in?error=slow"
    assert mark


def test_link_is_shown_once_where_no_mail_can_go_out(no_mail_server, api, ada):
    deps = no_mail_server
    hired = staffing.create_person(deps, with_password_given(ada), draft())
    api.cookies.set("invo_session", session_of(api, "ada"))
    form = {"person": str(hired.person_id)}

    for wrong in ({}, {"password": "a wrong password"}):
        asked = api.post("/session/account-link", data=form | wrong, headers=ORIGIN)
        assert (asked.status_code, "?link=" in asked.text) == (422, False)
        assert f'name="person" value="{hired.person_id}"' in asked.text
    form["password"] = PASSWORD
    page = api.post("/session/account-link", data=form, headers=ORIGIN)

    assert page.status_code == 200
    assert page.headers["cache-control"] == "no-store"
    assert "No mail server is set up" in page.text
    (link,) = re.findall(r"set-password\?link=([\w-]{32})", page.text)
    assert send(api, link).status_code == 303


@pytest.mark.parametrize("name", ["ana", "ada"])
def test_link_is_shown_to_nobody_else(deps, kept_parts, ana, ada, name):
    del kept_parts
    api = serve(with_mail_server(deps) if name == "ada" else deps)
    assert ada
    api.cookies.set("invo_session", session_of(api, name))
    form = {"person": str(ana.id), "password": PASSWORD}

    page = api.post("/session/account-link", data=form, headers=ORIGIN)

    assert page.status_code in {403, 422}
    assert "?link=" not in page.text


def test_no_route_tells_or_takes_a_password_of_somebody_else():
    described = api_document()
    people_paths = {p: v for p, v in described["paths"].items() if "/people" in p}

    assert "password" not in str(people_paths).replace("to set their own password", "")
    for shape in ("NewPersonResponse", "PersonResponse", "SentLinkResponse"):
        assert "password" not in described["components"]["schemas"][shape]["properties"]


def test_link_is_mailed_over_the_api(deps, kept_parts, ana, ada, postbox):
    del kept_parts
    parts = with_mail_server(deps)
    sent = inviting.send_password_link(replace(parts), with_password_given(ada), ana.id)

    assert sent == ana.email
    (link,) = mailed_links(parts, postbox)
    links.use_password_link(parts, link, NEW)
    assert sessions.sign_in(parts, ana.email, NEW).token
