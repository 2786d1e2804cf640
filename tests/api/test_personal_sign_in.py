"""Agents sign in to their own calendars and out of them, and nobody else gets in."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from invo_booking.domain.access.roles import Role
from invo_booking.settings import calendars
from invo_booking.usecases.calendars import connections
from tests.api.conftest import serve
from tests.api.relaying import (
    BOTH,
    agent,
    agent_of,
    deps,
    events_of,
    fakes,
    google,
    google_server,
    outlook,
    outlook_server,
)
from tests.support.bank import PASSWORD
from tests.support.personal_bank import (
    BACK,
    ORIGIN,
    OWN,
    begin,
    grant_cookie,
    offer_both,
    reaching_both,
    sign_in_personal,
)

__all__ = [
    "agent",
    "agent_of",
    "deps",
    "fakes",
    "google",
    "google_server",
    "outlook",
    "outlook_server",
]


@pytest.mark.parametrize("provider", BOTH)
def test_cookie_of_a_grant_goes_to_its_own_path_only(agent, fakes, provider):
    address = begin(agent, provider)
    answer = fakes[provider].approve(address, email=OWN[provider])

    told = agent.get(BACK[provider], params=answer)

    grant = told.headers["location"].partition("=")[2]
    cookie = next(
        it for it in told.headers.get_list("set-cookie") if it.startswith("invo_grant")
    )
    assert f"Path=/relay/{grant};" in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert "Max-Age=" in cookie
    for token in tokens_of(fakes[provider]):
        assert token not in cookie
    assert OWN[provider] not in cookie
    assert OWN[provider] not in told.headers["location"]


def test_over_https_the_cookie_is_secure(deps, bank, fakes, kept_parts):
    del kept_parts
    url = {"INVO_PUBLIC_URL": "https://booking.bank.example"}
    secure = reaching_both(deps, fakes["google"], fakes["outlook"], **url)
    offer_both(bank, fakes["google"], fakes["outlook"])
    bank.agent("Ana", password=PASSWORD)
    browser = serve(secure)
    browser.base_url = url["INVO_PUBLIC_URL"]
    origin = {"origin": url["INVO_PUBLIC_URL"]}
    form = {"email": "ana@bank.example", "password": PASSWORD}
    browser.post("/session/sign-in", data=form, headers=origin)
    asked = {"provider": "google"}
    address = browser.post("/relay/sign-in", json=asked, headers=origin).json()
    answer = fakes["google"].approve(address["address"], email=OWN["google"])

    told = browser.get(BACK["google"], params=answer)

    cookie = told.headers["set-cookie"]
    assert cookie.startswith("__Secure-invo_grant=")
    assert "Secure" in cookie
    grant = told.headers["location"].partition("=")[2]
    assert events_of(browser, grant).status_code == 200


def tokens_of(fake):
    return [*fake.refresh_tokens, *fake.access_tokens]


@pytest.mark.parametrize("provider", BOTH)
def test_grant_is_refused_after_signing_out_of_it(agent, fakes, deps, provider):
    grant = sign_in_personal(agent, fakes[provider], provider)
    before = grant_cookie(agent, grant)

    told = agent.post(f"/relay/{grant}/sign-out", headers=ORIGIN)

    assert told.status_code == 200
    assert told.json() == {"is_revoked": provider == "google", "is_shared": False}
    assert "Max-Age=0" in told.headers["set-cookie"]
    assert not [it for it in agent.cookies.jar if it.path.endswith(grant)]
    agent.cookies.set("invo_grant", before, path=f"/relay/{grant}")
    told = events_of(agent, grant)
    assert (told.status_code, told.json()["code"]) == (409, "sign_in_again")
    assert agent.post(f"/relay/{grant}/sign-out", headers=ORIGIN).status_code == 200
    with deps.unit_of_work() as work:
        kept = work.session.connection().exec_driver_sql("SELECT * FROM ended_grant")
        assert grant not in str(kept.all())


def test_google_forgets_the_sign_in_when_the_agent_signs_out(agent, google):
    grant = sign_in_personal(agent, google, "google")

    agent.post(f"/relay/{grant}/sign-out", headers=ORIGIN)

    assert all(it.is_revoked for it in google.refresh_tokens.values())


def test_sign_in_of_the_bank_at_google_outlives_that_of_an_agent(
    deps, bank, agent, google
):
    grace = bank.agent("Grace", roles=(Role.ADMINISTRATOR,))
    bank.set(calendars.PRIMARY_PROVIDER, calendars.GOOGLE)
    address = connections.begin_connection_sign_in(deps, grace, "c" * 64)
    answer = google.approve(address, email=OWN["google"])
    connections.finish_connection_sign_in(deps, grace, "c" * 64, answer, "google")
    grant = sign_in_personal(agent, google, "google")

    told = agent.post(f"/relay/{grant}/sign-out", headers=ORIGIN)

    assert told.json() == {"is_revoked": False, "is_shared": True}
    assert not any(it.is_revoked for it in google.refresh_tokens.values())
    assert events_of(agent, grant).status_code == 409


def tampered(cookie: str) -> str:
    middle = len(cookie) // 2
    other = "A" if cookie[middle] != "A" else "B"
    return f"{cookie[:middle]}{other}{cookie[middle + 1 :]}"


@pytest.mark.parametrize(
    "change",
    [
        tampered,
        lambda cookie: cookie[:-4],
        lambda cookie: f"other{cookie}",
        lambda cookie: cookie.partition(":")[2],
        lambda _: "a",
        lambda _: "k1:" + "A" * 3_800,
        lambda _: "",
    ],
)
def test_changed_cookie_is_refused(agent, google, change):
    grant = sign_in_personal(agent, google, "google")
    cookie = grant_cookie(agent, grant)
    replace_cookie(agent, grant, change(cookie))
    asked = len(google.calls)

    told = events_of(agent, grant)

    assert (told.status_code, told.json()["code"]) == (409, "sign_in_again")
    assert len(google.calls) == asked


def test_cookie_is_good_for_its_person_session_and_path_only(agent_of, google):
    ana, again, ben = agent_of("ana"), agent_of("ana"), agent_of("ben")
    grant = sign_in_personal(ana, google, "google")
    other = sign_in_personal(ana, google, "google")
    cookie = grant_cookie(ana, grant)
    assert events_of(ana, grant).status_code == 200
    assert events_of(ana, other).status_code == 200

    for browser, path in ((again, grant), (ben, grant), (ana, "x" * 22), (ana, other)):
        replace_cookie(browser, path, cookie)
        told = events_of(browser, path)
        assert (told.status_code, told.json()["code"]) == (409, "sign_in_again")


def replace_cookie(browser, path, value):
    kept = [it for it in browser.cookies.jar if not it.path.endswith(path)]
    browser.cookies.jar.clear()
    for it in kept:
        browser.cookies.jar.set_cookie(it)
    browser.cookies.set("invo_grant", value, path=f"/relay/{path}")


def test_nobody_without_a_session_is_relayed_anything(deps, agent, google):
    grant = sign_in_personal(agent, google, "google")
    cookie = grant_cookie(agent, grant)
    stranger = serve(deps)
    stranger.cookies.set("invo_grant", cookie, path=f"/relay/{grant}")

    assert events_of(stranger, grant).status_code == 401
    agent.post("/session/sign-out", headers=ORIGIN)
    assert events_of(agent, grant).status_code == 401


@pytest.mark.parametrize("provider", BOTH)
def test_consent_denied_is_explained_and_gives_no_grant(agent, fakes, provider):
    address = begin(agent, provider)
    answer = fakes[provider].approve(address, email=OWN[provider], accept=False)

    told = agent.get(BACK[provider], params=answer)

    assert told.status_code == 409
    assert "cancelled or refused" in told.text
    assert "Back to the calendar" in told.text
    assert "invo_grant" not in told.headers.get("set-cookie", "")


def test_sign_in_without_the_permission_to_read_events_gives_no_grant(agent, google):
    google.granted = {"openid", "email"}
    answer = google.approve(begin(agent, "google"), email=OWN["google"])

    told = agent.get(BACK["google"], params=answer)

    assert told.status_code == 409
    assert "allow everything" in told.text


def test_answers_of_a_provider_are_taken_once_in_time_and_in_the_browser_that_began(
    agent_of, google, outlook, clock
):
    ana, again, ben = agent_of("ana"), agent_of("ana"), agent_of("ben")

    def begun():
        return google.approve(begin(ana, "google"), email=OWN["google"])

    used = begun()
    assert ana.get(BACK["google"], params=used).status_code == 303
    late, elsewhere = begun(), begun()
    by_another, at_the_other = begun(), begun()
    stateless = {key: it for key, it in begun().items() if key != "state"}
    wrong = begun() | {"state": "personal." + "x" * 43}
    refused = [
        ana.get(BACK["google"], params=used),
        again.get(BACK["google"], params=elsewhere),
        ben.get(BACK["google"], params=by_another),
        ana.get(BACK["outlook"], params=at_the_other),
        ana.get(BACK["google"], params=stateless),
        ana.get(BACK["google"], params=wrong),
    ]
    clock.advance(timedelta(minutes=11))
    refused.append(ana.get(BACK["google"], params=late))

    assert [it.status_code for it in refused] == [403] * len(refused)
    assert not any("invo_grant" in it.headers.get("set-cookie", "") for it in refused)
    taken = ana.get(BACK["google"], params=elsewhere)
    assert taken.status_code == 403, "a state works once"
    assert not outlook.refresh_tokens


@pytest.mark.parametrize("provider", BOTH)
def test_account_that_is_switched_at_the_provider_has_a_grant_of_its_own(
    agent, fakes, provider
):
    fake, other = fakes[provider], f"club@{OWN[provider].partition('@')[2]}"
    if provider == "outlook":
        fake.person(other)
    grants = {
        account: sign_in_personal(agent, fake, provider, email=account)
        for account in (OWN[provider], other)
    }

    for account, grant in grants.items():
        assert agent.get(f"/relay/{grant}/account").json()["account"] == account


@pytest.mark.parametrize("provider", BOTH)
def test_person_who_is_switched_in_the_browser_gets_no_grant_of_the_other(
    agent_of, fakes, provider
):
    browser, _ = agent_of("ana"), agent_of("ben")
    brought = fakes[provider].approve(begin(browser, provider), email=OWN[provider])
    browser.post("/session/sign-out", headers=ORIGIN)
    form = {"email": "ben@bank.example", "password": PASSWORD}
    assert browser.post("/session/sign-in", data=form, headers=ORIGIN).cookies

    told = browser.get(BACK[provider], params=brought)

    assert told.status_code == 403
    assert "invo_grant" not in told.headers.get("set-cookie", "")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"provider": "exchange"},
        {"provider": "https://evil.example"},
        {"provider": "google", "redirect_uri": "https://evil.example"},
        {"provider": ["google"]},
    ],
)
def test_sign_in_takes_a_providers_name_and_no_address(agent, body):
    told = agent.post("/relay/sign-in", json=body, headers=ORIGIN)

    assert told.status_code == 422


def test_person_begins_ten_sign_ins_in_ten_minutes_and_others_are_not_affected(
    agent_of, google, clock
):
    ana, ben = agent_of("ana"), agent_of("ben")
    ask = {"json": {"provider": "google"}, "headers": ORIGIN}
    first = begin(ana, "google")
    for _ in range(9):
        clock.advance(timedelta(seconds=1))
        begin(ana, "google")

    refused = ana.post("/relay/sign-in", **ask)

    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_requests")
    assert "retry-after" in refused.headers
    begin(ben, "google")
    ana.get(BACK["google"], params=google.approve(first, email=OWN["google"]))
    begin(ana, "google")
    assert ana.post("/relay/sign-in", **ask).status_code == 429
    clock.advance(timedelta(minutes=10))
    begin(ana, "google")


def test_sign_ins_begun_at_once_are_counted_exactly(agent):
    ask = {"json": {"provider": "google"}, "headers": ORIGIN}

    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(lambda _: agent.post("/relay/sign-in", **ask), range(16)))

    assert sorted(it.status_code for it in told) == [200] * 10 + [429] * 6


def test_sign_in_leads_to_the_configured_provider_and_back_here(agent, fakes):
    for provider in BOTH:
        address = begin(agent, provider)
        assert address.startswith(f"{fakes[provider].url}/")
        assert "redirect_uri=http%3A%2F%2Flocalhost%3A8000%2F" in address
        assert "code_challenge_method=S256" in address


def test_other_sites_begin_no_sign_in(agent):
    foreign = {"origin": "https://evil.example"}

    told = agent.post("/relay/sign-in", json={"provider": "google"}, headers=foreign)

    assert told.status_code == 403
