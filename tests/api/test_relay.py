"""Agents' own calendars, relayed to their own browsers."""

from datetime import date, timedelta

import pytest
from sqlalchemy import text

from invo_booking.settings import calendars
from tests.api.relaying import (
    BOTH,
    MONTH,
    agent,
    agent_of,
    deps,
    events_of,
    fakes,
    google,
    google_server,
    outlook,
    outlook_server,
    put,
    shown,
)
from tests.support.bank import MONDAY, at
from tests.support.personal_bank import ORIGIN, OWN, sign_in_personal

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
def test_agent_sees_own_events_after_a_sign_in(agent, fakes, provider):
    put(fakes, provider, at(10), at(11))

    grant = sign_in_personal(agent, fakes[provider], provider)

    told = events_of(agent, grant)
    assert told.headers["cache-control"] == "no-store"
    (event,) = told.json()["events"]
    assert event["title"] == "Dentist"
    assert (event["start"], event["end"]) == ("2026-11-23T10:00", "2026-11-23T11:00")
    assert event["link"].startswith("https://")
    account = agent.get(f"/relay/{grant}/account").json()
    assert (account["provider"], account["account"]) == (provider, OWN[provider])
    assert [it["is_primary"] for it in account["calendars"]] == [True]


def test_page_that_reads_own_calendars_by_itself_does_not_prolong_the_session(
    agent, fakes, clock, deps
):
    grant = sign_in_personal(agent, fakes["google"], "google")

    def seen():
        with deps.unit_of_work() as work:
            statement = text("SELECT max(seen_at) FROM session")
            return work.session.connection().scalar(statement)

    before = seen()
    clock.advance(timedelta(minutes=10))
    assert events_of(agent, grant).status_code == 200
    assert agent.get(f"/relay/{grant}/account").status_code == 200
    assert seen() == before
    agent.post(f"/relay/{grant}/sign-out", headers=ORIGIN)
    assert seen() == before + timedelta(minutes=10)


@pytest.mark.parametrize("provider", BOTH)
def test_free_declined_and_cancelled_events_are_left_out(agent, fakes, provider):
    grant = sign_in_personal(agent, fakes[provider], provider)
    put(fakes, provider, at(9), at(10), "Kept")
    if provider == "google":
        me = {"email": OWN["google"], "self": True, "responseStatus": "declined"}
        put(fakes, provider, at(10), at(11), transparency="transparent")
        put(fakes, provider, at(11), at(12), attendees=[me])
        put(fakes, provider, at(12), at(13), eventType="workingLocation")
        put(fakes, provider, at(12), at(13), eventType="birthday")
        fakes[provider].delete(put(fakes, provider, at(13), at(14)))
    else:
        declined = {"response": "declined", "time": "2026-11-01T00:00:00Z"}
        put(fakes, provider, at(10), at(11), status="free")
        put(fakes, provider, at(11), at(12), responseStatus=declined)
        put(fakes, provider, at(12), at(13), status="workingElsewhere")
        fakes[provider].cancel(put(fakes, provider, at(13), at(14)))

    assert [it["title"] for it in shown(agent, grant)] == ["Kept"]


@pytest.mark.parametrize("provider", BOTH)
def test_title_of_a_private_event_is_not_sent(agent, fakes, provider):
    grant = sign_in_personal(agent, fakes[provider], provider)
    words = (
        {"visibility": "private"}
        if provider == "google"
        else {"sensitivity": "private"}
    )
    put(fakes, provider, at(10), at(11), "Surgery", **words)

    told = events_of(agent, grant)

    assert "Surgery" not in told.text
    (event,) = told.json()["events"]
    assert (event["title"], event["is_private"]) == ("", True)


@pytest.mark.parametrize("provider", BOTH)
def test_events_of_a_series_are_marked(agent, fakes, provider):
    grant = sign_in_personal(agent, fakes[provider], provider)
    put(fakes, provider, at(9), at(10), "Once")
    fakes[provider].repeat_weekly(put(fakes, provider, at(10), at(11), "Weekly"), 3)

    found = shown(agent, grant)

    assert [it["title"] for it in found if it["is_recurring"]] == ["Weekly"] * 3
    assert [it["title"] for it in found if not it["is_recurring"]] == ["Once"]


@pytest.mark.parametrize("provider", BOTH)
def test_days_are_days_of_the_institution(agent, fakes, provider):
    grant = sign_in_personal(agent, fakes[provider], provider)
    first, past = date(2026, 11, 24), date(2026, 11, 26)
    if provider == "google":
        put(fakes, provider, first, past, "Fair")
    else:
        times = [MONDAY.replace(day=it.day, hour=0, minute=0) for it in (first, past)]
        put(fakes, provider, *times, "Fair", isAllDay=True)

    (event,) = shown(agent, grant)

    assert event["is_all_day"] is True
    assert (event["start"], event["end"]) == ("2026-11-24", "2026-11-26")
    day_after = {"from": "2026-11-26", "to": "2026-11-27"}
    assert shown(agent, grant, **day_after) == []


@pytest.mark.parametrize("provider", BOTH)
def test_only_what_overlaps_the_range_is_sent(agent, fakes, provider):
    grant = sign_in_personal(agent, fakes[provider], provider)
    for day in (22, 23, 24):
        put(fakes, provider, at(10).replace(day=day), at(11).replace(day=day), str(day))

    asked = {"from": "2026-11-23", "to": "2026-11-24"}

    assert [it["title"] for it in shown(agent, grant, **asked)] == ["23"]


def test_a_chosen_calendar_is_shown_instead_of_the_own_one(agent, google):
    grant = sign_in_personal(agent, google, "google")
    club = google.add_calendar("Chess club", OWN["google"])
    google.put(club.id, at(10), at(11), summary="Match")
    google.put(OWN["google"], at(9), at(10), summary="Dentist")
    listed = agent.get(f"/relay/{grant}/account").json()["calendars"]

    keys = {it["name"]: it["key"] for it in listed}
    both = ",".join(keys.values())

    assert club.id not in str(keys)
    assert [it["title"] for it in shown(agent, grant)] == ["Dentist"]
    found = shown(agent, grant, calendars=keys["Chess club"])
    assert [it["title"] for it in found] == ["Match"]
    found = shown(agent, grant, calendars=both)
    assert [it["title"] for it in found] == ["Dentist", "Match"]
    assert events_of(agent, grant, calendars="0" * 16).status_code == 422


@pytest.mark.parametrize("provider", BOTH)
def test_expired_access_token_is_renewed_unseen(agent, fakes, clock, provider):
    grant = sign_in_personal(agent, fakes[provider], provider)
    put(fakes, provider, at(10), at(11))
    assert len(shown(agent, grant)) == 1

    fakes[provider].expire_access_tokens()
    assert len(shown(agent, grant)) == 1

    clock.advance(timedelta(minutes=59, seconds=30))
    assert len(shown(agent, grant)) == 1


@pytest.mark.parametrize("provider", BOTH)
def test_revoked_sign_in_asks_to_sign_in_again(agent, fakes, provider):
    grant = sign_in_personal(agent, fakes[provider], provider)
    fakes[provider].revoke()

    told = events_of(agent, grant)

    assert (told.status_code, told.json()["code"]) == (409, "sign_in_again")
    assert "Sign in again" in told.json()["detail"]


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"from": "2026-11-23", "to": "2026-11-23"}, 422),
        ({"from": "2026-11-23", "to": "2026-11-22"}, 422),
        ({"from": "2026-11-01", "to": "2027-01-04"}, 422),
        ({"from": "0001-01-01", "to": "0001-01-08"}, 422),
        ({"from": "9999-12-24", "to": "9999-12-31"}, 422),
        ({"from": "today", "to": "2026-11-30"}, 422),
        ({"from": "2026-11-23", "to": ""}, 422),
        ({"from": "2026-11-23", "to": "2026-11-30", "calendars": "../me"}, 422),
        ({"from": "2026-11-23", "to": "2026-11-30", "calendars": "a" * 200}, 422),
    ],
)
def test_unusable_range_is_refused_without_asking_the_provider(
    agent, google, asked, status
):
    grant = sign_in_personal(agent, google, "google")
    before = len(google.calls)

    told = agent.get(f"/relay/{grant}/events", params=asked)

    assert told.status_code == status
    assert len(google.calls) == before


@pytest.mark.parametrize("path", ["x", "a" * 21, "a" * 23, "a%2F..%2Fb", "a" * 3_000])
def test_relay_has_no_other_paths(agent, path):
    assert agent.get(f"/relay/{path}/account").status_code in {404, 405, 422}
    told = agent.get(f"/relay/{path}/events", params=MONTH)
    assert told.status_code in {404, 422}


@pytest.mark.parametrize(
    ("how", "code"),
    [
        ({"status": 500}, "provider_down"),
        ({"status": 503, "retry_after": 7}, "provider_throttled"),
        ({"status": 429, "retry_after": 7}, "provider_throttled"),
        ({"body": "malformed"}, "provider_down"),
        ({"drop": "before"}, "provider_down"),
        ({"status": 404}, "provider_down"),
        ({"status": 403}, "provider_down"),
        ({"status": 401}, "sign_in_again"),
    ],
)
@pytest.mark.parametrize("provider", BOTH)
def test_trouble_of_a_provider_is_said_in_words_for_the_agent(
    agent, fakes, provider, how, code
):
    grant = sign_in_personal(agent, fakes[provider], provider)
    path = "/calendars/*/events" if provider == "google" else "/me/calendarView"
    fakes[provider].misbehave("GET", path, times=None, **how)

    told = events_of(agent, grant)

    assert told.json()["code"] == code, told.text
    assert told.status_code in {409, 503}
    assert "appointments are not affected" in told.json()["detail"]
    assert "server" not in told.json()["detail"]
    if code == "provider_throttled":
        assert told.headers["retry-after"] == "7"


@pytest.mark.parametrize("provider", BOTH)
def test_switch_of_administrators_is_obeyed_at_once(agent, bank, fakes, provider):
    grant = sign_in_personal(agent, fakes[provider], provider)
    switch = {
        "google": calendars.GOOGLE_PERSONAL,
        "outlook": calendars.OUTLOOK_PERSONAL,
    }[provider]
    assert events_of(agent, grant).status_code == 200

    bank.set(switch, "off")

    assert events_of(agent, grant).status_code == 404
    asked = {"provider": provider}
    told = agent.post("/relay/sign-in", json=asked, headers=ORIGIN)
    assert told.status_code == 404
