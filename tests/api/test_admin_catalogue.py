"""Administrators' routes for what is on offer and what was done, on a real database."""

import csv
import io
from uuid import uuid4

import pytest

from invo_booking.domain.access.roles import Role
from tests.api.test_staff import ORIGIN, draft, session_of, token_of
from tests.support.bank import PASSWORD

ADMIN = "/api/v1/admin"
NOBODY = str(uuid4())


@pytest.fixture
def ada(api, bank):
    bank.agent("Ada", roles=(Role.ADMINISTRATOR,), languages=(), password=PASSWORD)
    return token_of(api, "ada")


@pytest.fixture
def max_(api, bank):
    bank.manager("Max", password=PASSWORD)
    return token_of(api, "max")


def answer_body(bank, **more):
    body = {
        "title": "Open an account",
        "queue": str(bank.queue_id),
        "duration_minutes": 45,
        "languages": ["en"],
        "channels": ["video"],
        "documents": ["Photo ID"],
    }
    return body | more


def test_an_answer_is_made_changed_arranged_archived_and_restored(api, bank, ada):
    def send(method, path, body):
        told = api.request(method, f"{ADMIN}/answers{path}", json=body, headers=ada)
        assert told.is_success, told.text
        return [
            (one["title"], one["version"], one["archived"])
            for one in told.json()["answers"]
        ]

    first = str(bank.answer_id)
    assert send("POST", "", answer_body(bank))[1] == ("Open an account", 1, False)
    made = api.get(f"{ADMIN}/answers", headers=ada).json()["answers"][1]["id"]
    changed = answer_body(bank, title="Accounts", version=1)
    assert send("PUT", f"/{made}", changed)[1] == ("Accounts", 2, False)
    order = {"order": [made, first], "seen": [first, made]}
    assert [line[0] for line in send("PUT", "/order", order)] == [
        "Accounts",
        "Mortgage advice",
    ]
    assert send("POST", f"/{made}/archive", {"version": 2})[1][2]
    assert not send("POST", f"/{made}/restore", {"version": 3})[1][2]


def test_an_old_version_is_409_and_a_wrong_field_is_named(api, bank, ada):
    path = f"{ADMIN}/answers/{bank.answer_id}"

    old = api.put(path, json=answer_body(bank, version=7), headers=ada)
    wrong = api.put(
        path, json=answer_body(bank, version=1, channels=[], title=""), headers=ada
    )

    assert (old.status_code, old.json()["code"]) == (409, "conflict")
    assert wrong.status_code == 422
    assert set(wrong.json()["errors"]) == {"channels", "title"}


def test_a_queue_is_made_and_changed(api, bank, ada):
    path = f"{ADMIN}/queues"
    made = api.post(path, json={"name": "Cards", "assignment": "fewest"}, headers=ada)
    change = {"name": "Loans", "assignment": "chosen", "version": 1}

    changed = api.put(f"{path}/{bank.queue_id}", json=change, headers=ada)

    assert made.status_code == 201
    lines = {one["name"]: one for one in changed.json()["queues"]}
    assert lines["Cards"]["assignment"] == "fewest"
    assert lines["Loans"]["answers"] == ["Mortgage advice"]
    assert lines["Loans"]["version"] == 2


def test_queue_and_institution_have_opening_hours(api, bank, ada):
    hours = [{"weekday": 4, "begins": "10:00", "ends": "16:00"}]
    queue = {"name": "Lending", "version": 1, "opening_hours": hours}

    changed = api.put(f"{ADMIN}/queues/{bank.queue_id}", json=queue, headers=ada)
    path = f"{ADMIN}/institution"
    seen = api.get(path, headers=ada).json()
    house = api.put(path, json=seen | {"opening_hours": hours}, headers=ada)

    assert changed.json()["queues"][0]["opening_hours"] == hours
    assert (seen["opening_hours"], house.json()["opening_hours"]) == ([], hours)


def test_who_leaves_with_appointments_is_told_of_by_id(api, bank, ada):
    ana = bank.agent("Ana")
    path = f"{ADMIN}/queues/{bank.queue_id}/people"
    queue = api.get(f"{ADMIN}/queues", headers=ada).json()["queues"][0]
    made = api.post(
        "/api/v1/staff/appointments",
        json=draft(bank, agent=str(ana.id)),
        headers=ada,
    ).json()
    wanted = {"people": [], "seen": queue["people"]}

    refused = api.put(path, json=wanted, headers=ada)
    (told,) = refused.json()["appointments"]
    kept = api.put(path, json=wanted | {"keep": [told["id"]]}, headers=ada)

    assert (refused.status_code, refused.json()["code"]) == (
        409,
        "displaces_appointments",
    )
    assert (told["id"], told["starts_at"]) == (made["id"], made["starts_at"])
    assert kept.json()["queues"][0]["people"] == []


def test_a_language_is_added_renamed_and_removed(api, ada):
    path = f"{ADMIN}/languages"
    added = api.post(path, json={"code": "pl"}, headers=ada)
    names = {"name": "Polski", "seen": "Polish"}

    renamed = api.put(f"{path}/pl", json=names, headers=ada)
    used = api.delete(f"{path}/en", headers=ada)
    removed = api.delete(f"{path}/pl", headers=ada)

    assert [one["name"] for one in added.json()["languages"]][-1] == "Polish"
    assert [one["name"] for one in renamed.json()["languages"]][-1] == "Polski"
    assert (used.status_code, "Mortgage advice" in used.text) == (409, True)
    assert [one["code"] for one in removed.json()["languages"]] == ["en", "es"]


def test_the_institution_is_changed_by_whoever_saw_it_last(api, ada):
    path = f"{ADMIN}/institution"
    seen = api.get(path, headers=ada).json()
    wanted = seen | {"name": "First Bank", "time_zone": "Europe/Berlin"}

    first = api.put(path, json=wanted, headers=ada)
    second = api.put(path, json=wanted | {"name": "Other"}, headers=ada)

    assert first.json()["name"] == "First Bank"
    assert second.status_code == 409
    assert api.get("/api/v1/answers").json()["institution"] == "First Bank"


def test_days_are_closed_and_opened_again(api, ada):
    path = f"{ADMIN}/holidays"
    query = {"country": "US", "year": 2026}
    found = api.get(f"{path}/public", params=query, headers=ada).json()["holidays"]
    days = [{"day": one["day"], "name": one["name"]} for one in found]

    closed = api.post(path, json={"close": days}, headers=ada).json()["holidays"]
    opened = api.post(path, json={"reopen": [days[0]["day"]]}, headers=ada).json()

    kept = [{**one, "translations": {}} for one in days]
    assert closed == kept
    assert opened["holidays"] == kept[1:]


def test_the_trail_is_listed_filtered_and_checked(api, ada):
    api.post(f"{ADMIN}/languages", json={"code": "pl"}, headers=ada)

    query = {"who": "ada", "kind": "language", "from": "2026-11-23"}
    (entry,) = api.get(f"{ADMIN}/audit", params=query, headers=ada).json()["entries"]
    seals = api.get(f"{ADMIN}/audit/seals", headers=ada).json()

    assert (entry["action"], entry["object"]) == ("created", "pl")
    assert entry["detail"]["after"] == {"name": "Polish"}
    assert seals["whole"]


def test_the_trail_leaves_as_a_file_and_says_so(api, ada):
    answer = api.post(f"{ADMIN}/audit/export", params={"who": "Ada"}, headers=ada)

    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer.headers["content-disposition"]
    assert rows[-1]["Action"] == "exported"


def test_the_file_is_for_our_own_pages_only_if_a_cookie_asks(api, ada):
    assert ada
    api.cookies.set("invo_session", session_of(api, "ada"))

    assert api.post(f"{ADMIN}/audit/export").status_code == 403
    assert api.post(f"{ADMIN}/audit/export", headers=ORIGIN).status_code == 200


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/answers"),
        ("POST", "/queues"),
        ("DELETE", "/languages/en"),
        ("PUT", "/institution"),
        ("POST", "/holidays"),
        ("GET", "/audit"),
        ("POST", "/audit/export"),
    ],
)
def test_a_manager_is_refused(api, max_, method, path):
    refused = api.request(method, f"{ADMIN}{path}", json={}, headers=max_)

    assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")


@pytest.mark.parametrize("text", ["\0", "%", "'; --", "x" * 160])
def test_strange_words_find_nothing_and_never_fail(api, ada, text):
    found = api.get(f"{ADMIN}/audit", params={"who": text}, headers=ada)

    assert (found.status_code, found.json()["entries"]) == (200, [])


@pytest.mark.parametrize(
    "query", [{"from": "yesterday"}, {"to": "2026-13-01"}, {"before": "0"}]
)
def test_odd_filters_are_refused(api, ada, query):
    assert api.get(f"{ADMIN}/audit", params=query, headers=ada).status_code == 422


def test_what_is_not_there_is_404(api, bank, ada):
    wanted = answer_body(bank, version=1)

    for path in (f"/answers/{NOBODY}", f"/queues/{NOBODY}"):
        body = wanted if "answers" in path else {"name": "Cards", "version": 1}
        assert api.put(f"{ADMIN}{path}", json=body, headers=ada).status_code == 404
    assert api.delete(f"{ADMIN}/languages/xx", headers=ada).status_code == 404
