"""Staff's routes, on a real database."""

from datetime import datetime, time, timedelta
from uuid import uuid4

import pytest

from invo_booking import bootstrap
from invo_booking.api.core.instants import instant_in_json
from invo_booking.usecases.accounts import sessions, tokens
from invo_booking.usecases.accounts.tokens import TokenDraft
from tests.support.bank import PASSWORD, at

ORIGIN = {"origin": "http://localhost:8000"}
PATH = "/api/v1/staff/appointments"


def session_of(api, name):
    form = {"email": f"{name}@bank.example", "password": PASSWORD}
    api.post("/session/sign-in", data=form)
    token = api.cookies["invo_session"]
    api.cookies.clear()
    return token


def token_of(api, name):
    deps = bootstrap.deps()
    actor = sessions.actor_of_session(deps, session_of(api, name))
    scope = tokens.allowed_token_scopes(actor)[-1]
    draft = TokenDraft(name="Tests", scope=scope, days=tokens.LIFETIMES[0])
    made = tokens.make_api_token(deps, actor, draft, PASSWORD)
    return {"authorization": f"Bearer {made.secret}"}


def browser_of(api, name):
    return {"cookie": f"invo_session={session_of(api, name)}", **ORIGIN}


@pytest.fixture
def max_(api, bank, ana):
    del ana
    bank.manager("Max", password=PASSWORD)
    return token_of(api, "max")


@pytest.fixture
def made(api, bank, ana, max_):
    return api.post(PATH, json=draft(bank, agent=str(ana.id)), headers=max_).json()


def draft(bank, **more):
    body = {
        "answer": str(bank.answer_id),
        "queue": str(bank.queue_id),
        "language": "en",
        "channel": "video",
        "starts_at": instant_in_json(at(10, days=1)),
        "ends_at": instant_in_json(at(10, 30, days=1)),
        "name": "Rosa Delgado",
        "email": "rosa@example.com",
    }
    return body | more


def test_manager_makes_an_appointment_that_is_confirmed_at_once(api, bank, ana, max_):
    answer = api.post(PATH, json=draft(bank, agent=str(ana.id)), headers=max_)

    assert answer.status_code == 201
    made = answer.json()
    assert made["status"] == "confirmed"
    assert made["agent"] == str(ana.id)
    assert made["customer"]["email"] == "rosa@example.com"


def test_board_shows_it_in_the_lane_of_its_agent(api, ana, max_, made):
    query = {"scope": "team", "from": "2026-11-23", "to": "2026-11-30"}

    board = api.get(PATH, params=query, headers=max_).json()

    assert str(ana.id) in {lane["id"] for lane in board["lanes"]}
    assert [(e["id"], e["lane"]) for e in board["appointments"]] == [
        (made["id"], str(ana.id))
    ]


def test_board_can_be_narrowed_and_odd_filters_are_refused(api, bank, max_, made):
    del made
    query = {"scope": "team", "queues": str(bank.queue_id), "languages": "es"}

    assert api.get(PATH, params=query, headers=max_).json()["appointments"] == []
    odd = api.get(PATH, params={"queues": "x,y"}, headers=max_)
    assert list(odd.json()["errors"]) == ["queues"]
    assert api.get(PATH, params={"scope": "all"}, headers=max_).status_code == 422


def test_detail_tells_the_history_and_who_could_serve(api, max_, made):
    detail = api.get(f"{PATH}/{made['id']}", headers=max_).json()

    assert detail["appointment"]["id"] == made["id"]
    assert detail["history"][0]["action"] == "created"
    assert "Ana" in {candidate["name"] for candidate in detail["candidates"]}
    assert "assign" in detail["allowed"]


def test_patch_changes_what_is_given_and_keeps_the_rest(api, ana, max_, made):
    change = {"notes": "Bring a friend", "version": made["version"]}

    changed = api.patch(f"{PATH}/{made['id']}", json=change, headers=max_).json()

    assert changed["notes"] == "Bring a friend"
    assert changed["agent"] == str(ana.id)
    assert changed["starts_at"] == made["starts_at"]


def test_null_agent_un_assigns(api, max_, made):
    freed = api.patch(f"{PATH}/{made['id']}", json={"agent": None}, headers=max_)

    assert freed.json()["agent"] is None


def test_old_picture_is_a_conflict(api, max_, made):
    first = {"notes": "First", "version": made["version"]}
    second = {"notes": "Second", "version": made["version"]}
    api.patch(f"{PATH}/{made['id']}", json=first, headers=max_)

    answer = api.patch(f"{PATH}/{made['id']}", json=second, headers=max_)

    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")


def test_agent_takes_what_is_unassigned(api, ana, max_, made):
    api.post(f"{PATH}/{made['id']}/assign", json={"agent": None}, headers=max_)

    taken = api.post(f"{PATH}/{made['id']}/take", headers=token_of(api, "ana"))

    assert taken.json()["agent"] == str(ana.id)


def test_agent_may_not_assign_or_delete_by_default(api, made):
    ana = token_of(api, "ana")

    assign = api.post(f"{PATH}/{made['id']}/assign", json={"agent": None}, headers=ana)
    delete = api.delete(f"{PATH}/{made['id']}", headers=ana)

    assert (assign.status_code, delete.status_code) == (403, 403)
    assert assign.json()["code"] == "not_allowed"


def test_delete_cancels_with_a_reason(api, max_, made):
    gone = api.delete(
        f"{PATH}/{made['id']}",
        params={"reason": "Branch closed", "version": made["version"]},
        headers=max_,
    )

    assert gone.json()["status"] == "cancelled"
    assert gone.json()["cancel_reason"] == "Branch closed"


def test_openings_say_where_it_may_go(api, ana, max_, made):
    query = {"from": "2026-11-24", "to": "2026-11-25"}

    lanes = api.get(f"{PATH}/{made['id']}/openings", params=query, headers=max_).json()[
        "lanes"
    ]

    assert lanes[str(ana.id)]


def test_waiting_on_is_noted_and_says_until_when(api, max_, made, clock):
    path = f"{PATH}/{made['id']}/keep-waiting"
    early = api.post(path, headers=max_)
    clock.now = datetime.fromisoformat(made["starts_at"]) + timedelta(minutes=16)

    answer = api.post(path, headers=max_)

    assert (early.status_code, early.json()["code"]) == (409, "conflict")
    assert "not late" in early.json()["detail"]
    assert answer.status_code == 200
    assert answer.json()["detail"].startswith("Waiting for the customer until ")
    history = api.get(f"{PATH}/{made['id']}", headers=max_).json()["history"]
    assert "kept waiting" in {line["action"] for line in history}


@pytest.mark.parametrize("identity", ["1", "00000000-0000-4000-8000-000000000000", "'"])
def test_what_is_not_there_is_404(api, max_, identity):
    assert api.get(f"{PATH}/{identity}", headers=max_).status_code == 404


def test_cookie_needs_our_own_page_for_changes_and_not_for_looking(api, bank, max_):
    assert max_
    api.cookies.set("invo_session", session_of(api, "max"))

    assert api.get(PATH).status_code == 200
    assert api.post(PATH, json=draft(bank)).status_code == 403
    assert api.post(PATH, json=draft(bank), headers=ORIGIN).status_code == 201


@pytest.mark.parametrize("header", ["Bearer", "Bearer x", "Basic eDp4", "Bearer \xff"])
def test_wrong_credentials_are_401(api, bank, header):
    del bank
    answer = api.get(PATH, headers={"authorization": header.encode("latin-1")})

    assert answer.status_code == 401


@pytest.mark.parametrize("text", ["\0", "a\r\nBcc: x@evil.test", "\u202e", "x" * 500])
def test_strange_reasons_and_notes_never_fail(api, max_, made, text):
    path = f"{PATH}/{made['id']}"

    noted = api.patch(path, json={"notes": text, "name": text}, headers=max_)
    gone = api.delete(path, params={"reason": text}, headers=max_)

    assert noted.status_code in {200, 422}
    assert gone.status_code in {200, 422}
    assert api.get(path, headers=max_).status_code == 200


def test_reason_that_would_be_cut_is_refused(api, max_, made):
    path = f"{PATH}/{made['id']}"

    too_long = api.delete(path, params={"reason": "x" * 301}, headers=max_)
    gone = api.delete(path, params={"reason": "x" * 300}, headers=max_)

    assert (too_long.status_code, gone.status_code) == (422, 200)


def why(api, bank, start, headers):
    query = {
        "answer": str(bank.answer_id),
        "language": "en",
        "start": instant_in_json(start),
    }
    return api.get("/api/v1/staff/slots/why", params=query, headers=headers)


def test_staff_read_why_a_start_is_closed_and_customers_do_not(api, bank, max_):
    bank.agent("Ben", hours=(time(9), time(12)))

    opened = why(api, bank, at(10), max_).json()
    closed = why(api, bank, at(10, days=5), max_).json()

    assert (opened["open"], opened["free"], opened["reasons"]) == (True, 3, [])
    assert closed["reasons"][0]["rule"] == "weekend"
    assert closed["reasons"][0]["sentence"]
    assert why(api, bank, at(10), {}).status_code == 401


def test_staff_read_why_a_visit_cannot_begin_at_a_branch(api, bank, max_):
    bank.offer_visits()
    path = "/api/v1/staff/slots/why"
    query = {"answer": str(bank.answer_id), "language": "en"}
    query["start"] = instant_in_json(at(10))

    visit = api.get(path, params=query | {"branch": str(bank.branch_id)}, headers=max_)
    unknown = api.get(path, params=query | {"branch": str(uuid4())}, headers=max_)

    assert visit.json()["open"]
    assert (unknown.status_code, set(unknown.json()["errors"])) == (422, {"branch"})


def why_between(api, bank, first, last, headers):
    query = {"answer": bank.answer_id, "language": "en", "from": first, "to": last}
    return api.get("/api/v1/staff/slots/why", params=query, headers=headers)


def test_staff_read_why_of_every_start_of_a_window(api, bank, max_):
    found = why_between(api, bank, "2026-11-23", "2026-11-24", max_).json()["starts"]

    assert len(found) == 24 * 4
    for judged in found:
        alone = why(api, bank, datetime.fromisoformat(judged["start"]), max_).json()
        assert judged == alone
    assert {True, False} == {judged["open"] for judged in found}


def test_window_of_reasons_is_limited_and_says_so(api, bank, max_):
    answer = why_between(api, bank, "2026-11-01", "2026-12-01", max_)

    assert answer.status_code == 422
    assert "14 days" in answer.text
