"""Branches through the API."""

from uuid import uuid4

import pytest

from invo_booking.domain.access.roles import Role
from invo_booking.persistence.tables.core import PersonBranchRow, PersonRow
from tests.api.test_staff import ORIGIN, browser_of, token_of
from tests.support.bank import PASSWORD, at, branch_row

ADMIN = "/api/v1/admin/branches"
NOWHERE = "00000000-0000-0000-0000-000000000009"
BRANCH = {
    "name": "Main branch",
    "street": ["120 Harbor Street"],
    "town": "Chicago",
    "region": "IL",
    "postal_code": "60601",
    "country": "US",
    "phone": "312 555 0143",
    "time_zone": "America/Chicago",
    "latitude": 41,
    "longitude": -87.5,
    "version": 1,
}


@pytest.fixture
def ada(api, bank):
    bank.agent("Ada", roles=(Role.ADMINISTRATOR,), languages=(), password=PASSWORD)
    return token_of(api, "ada")


def request_visit(api, bank, **more):
    body = {
        "answer": str(bank.answer_id),
        "language": "en",
        "channel": "branch",
        "starts_at": at(10, days=1).isoformat(),
        "name": "Rosa Delgado",
        "email": "rosa@example.com",
        **more,
    }
    key = {"Idempotency-Key": "k" * 22}
    return api.post("/api/v1/appointments", json=body, headers=ORIGIN | key)


def test_everybody_may_read_where_visits_are_held(api, bank):
    (branch,) = api.get("/api/v1/branches").json()["branches"]

    assert branch["id"] == str(bank.branch_id)
    assert branch["street"] == ["120 Harbor Street"]
    assert branch["time_zone"] == "America/Chicago"
    assert branch["map_url"].startswith("https://")
    assert "version" not in branch


def test_a_visit_names_its_branch_and_a_call_names_none(api, bank, ada):
    bank.offer_visits()
    bank.agent("Ana")

    made = request_visit(api, bank)
    assert made.status_code == 201, made.text
    page = api.get(f"/api/v1/appointments/{made.json()['token']}").json()
    for_staff = api.get(f"/api/v1/staff/appointments/{made.json()['id']}", headers=ada)

    assert page["branch"]["name"] == "Main branch"
    assert for_staff.json()["appointment"]["branch"] == str(bank.branch_id)


def test_slots_of_any_branch_name_the_branch_of_each(api, bank):
    bank.offer_visits()
    ana, dora, denver = bank.agent("Ana"), bank.agent("Dora"), uuid4()
    row = branch_row(denver, "Union Station", time_zone="America/Denver")
    with bank.deps.unit_of_work() as work:
        person = work.session.get(PersonRow, dora.id)
        person.time_zone = "America/Denver"
        work.session.add_all([row, person])
        work.session.flush()
        for agent, where in ((ana, bank.branch_id), (dora, denver)):
            work.session.add(PersonBranchRow(person_id=agent.id, branch_id=where))
        work.publish_roster_change()
    query = {"answer": str(bank.answer_id), "language": "en", "branch": "any"}
    query |= {"from": "2026-11-24", "to": "2026-11-25"}

    query_of_calls = {key: it for key, it in query.items() if key != "branch"}

    answer = api.get("/api/v1/slots", params=query).json()
    in_tokyo = api.get("/api/v1/slots", params=query | {"tz": "Asia/Tokyo"}).json()
    calls = api.get("/api/v1/slots", params=query_of_calls).json()

    assert answer["branch"] is None
    slots = {it["local_start"]: it["branch"] for it in answer["slots"]}
    assert slots["2026-11-24T09:00:00-06:00"] == str(bank.branch_id)
    assert slots["2026-11-24T16:30:00-07:00"] == str(denver)
    assert in_tokyo["time_zone"] == "Asia/Tokyo"
    assert in_tokyo["slots"][0]["local_start"].endswith("+09:00")
    assert {it["branch"] for it in calls["slots"]} == {None}


def test_an_administrator_changes_a_branch_after_its_visits_were_reviewed(
    api, bank, ada
):
    bank.offer_visits()
    bank.agent("Ana")
    request_visit(api, bank)
    path, moved = f"{ADMIN}/{bank.branch_id}", BRANCH | {"street": ["9 Pier Road"]}

    first = api.put(path, json=moved, headers=ada)
    assert (first.status_code, first.json()["code"]) == (409, "displaces_appointments")
    (listed,) = first.json()["appointments"]
    assert listed.keys() == {"id", "starts_at", "why", "kept", "mail"}
    assert listed["mail"] == "Saving mails the customer the new details."
    assert "mails the new details of 1 appointment" in first.json()["detail"]
    nothing = api.put(path, json=moved | {"reassign": [listed["id"]]}, headers=ada)
    assert (nothing.status_code, nothing.json()["appointments"]) == (409, [listed])
    keep = [listed["id"]]
    second = api.put(path, json=moved | {"keep": keep}, headers=ada)

    (branch,) = second.json()["branches"]
    assert branch["street"] == ["9 Pier Road"]
    assert (branch["latitude"], branch["version"]) == (41.0, 2)
    assert branch["live_appointments"] == 1


def test_opening_hours_are_read_as_they_are_sent(api, bank, ada):
    hours = [{"weekday": 0, "begins": "09:00", "ends": "24:00"}]
    path = f"{ADMIN}/{bank.branch_id}"

    sent = api.put(path, json=BRANCH | {"opening_hours": hours}, headers=ada)
    odd = BRANCH | {"version": 2, "opening_hours": [hours[0] | {"weekday": 7}]}
    refused = api.put(path, json=odd, headers=ada)
    empty = [{"weekday": 0, "begins": "09:00", "ends": "09:00"}]
    body = BRANCH | {"version": 2, "opening_hours": empty}
    without_length = api.put(path, json=body, headers=ada)

    (branch,) = sent.json()["branches"]
    assert branch["opening_hours"] == hours
    assert refused.status_code == without_length.status_code == 422
    assert set(without_length.json()["errors"]) == {"hours"}


def test_a_branch_has_closed_days_of_its_own(api, bank, ada):
    path = f"{ADMIN}/{bank.branch_id}/holidays"
    day = {
        "day": "2026-11-24",
        "name": "Building works",
        "translations": {"es": {"name": "Obras"}},
    }

    closed = api.post(path, json={"close": [day]}, headers=ada)
    nowhere = api.get(f"{ADMIN}/{NOWHERE}/holidays", headers=ada)
    opened = api.post(path, json={"reopen": [day["day"]]}, headers=ada)

    assert closed.json() == {"holidays": [day]}
    assert api.get("/api/v1/admin/holidays", headers=ada).json() == {"holidays": []}
    assert (nowhere.status_code, opened.json()) == (404, {"holidays": []})


def test_what_is_no_branch_is_refused_with_its_field(api, bank, ada):
    path = f"{ADMIN}/{bank.branch_id}"

    refused = api.put(path, json=BRANCH | {"town": ""}, headers=ada)
    far = api.put(path, json=BRANCH | {"latitude": 500}, headers=ada)

    assert (refused.status_code, set(refused.json()["errors"])) == (422, {"town"})
    assert far.status_code == 422


def test_slots_of_visits_are_those_of_a_branch_and_say_which(api, bank):
    bank.offer_visits()
    bank.agent("Ana")
    path = f"/api/v1/slots?answer={bank.answer_id}&language=en"

    of_any = api.get(f"{path}&branch=any").json()
    of_one = api.get(f"{path}&branch={bank.branch_id}").json()
    of_calls = api.get(path).json()

    assert of_any == of_one
    assert of_one["branch"] == str(bank.branch_id)
    assert of_calls["branch"] is None
    assert {it["branch"] for it in of_one["slots"]} == {str(bank.branch_id)}
    assert [it | {"branch": None} for it in of_one["slots"]] == of_calls["slots"]
    for odd in ("nowhere", NOWHERE):
        assert api.get(f"{path}&branch={odd}").status_code == 422


def test_agent_of_two_branches_a_day_is_offered_where_the_hours_say(api, bank):
    """Through the API: at the main branch in the morning, in the other one later."""
    bank.offer_visits()
    bank.agent("Ada", roles=(Role.ADMINISTRATOR,), languages=(), password=PASSWORD)
    ana, browser, pier = bank.agent("Ana"), browser_of(api, "ada"), uuid4()
    with bank.deps.unit_of_work() as work:
        work.session.add(branch_row(pier, "Pier"))
        work.publish_roster_change()
    person = f"/api/v1/admin/people/{ana.id}"
    hours = [
        {
            "weekday": 1,
            "begins": "09:00",
            "ends": "12:00",
            "branch": str(bank.branch_id),
        },
        {"weekday": 1, "begins": "12:00", "ends": "17:00", "branch": str(pier)},
    ]
    body = {
        "name": "Ana",
        "email": "ana@bank.example",
        "time_zone": "America/Chicago",
        "roles": ["agent"],
        "queues": [str(bank.queue_id)],
        "languages": ["en"],
        "version": 1,
        "hours": hours,
    }
    api.put(person, json=body, headers=browser).raise_for_status()

    def starts(branch=""):
        found = api.get(
            f"/api/v1/slots?answer={bank.answer_id}&language=en{branch}"
            f"&from=2026-11-24&to=2026-11-25"
        )
        return [(it["start"][11:16], it["branch"]) for it in found.json()["slots"]]

    here, there = starts(f"&branch={bank.branch_id}"), starts(f"&branch={pier}")

    assert (here[0][0], here[-1][0]) == ("15:00", "17:30")
    assert (there[0][0], there[-1][0]) == ("18:00", "22:30")
    assert sorted(here + there) == sorted(starts("&branch=any"))
    refused = request_visit(
        api, bank, branch=str(pier), starts_at=at(10, days=1).isoformat()
    )
    assert refused.json()["code"] == "slot_closed"


def test_a_new_branch_is_made_once_per_key(api, bank, ada):
    bank.agent("Ana")
    body = {name: value for name, value in BRANCH.items() if name != "version"}
    pier, key = body | {"name": "Pier"}, {"Idempotency-Key": "a-new-pier"}

    for _ in range(2):
        made = api.post(ADMIN, json=pier, headers=ada | key)
        assert made.status_code == 201, made.text
    assert [it["name"] for it in made.json()["branches"]] == ["Main branch", "Pier"]
    assert len(made.json()["branches"][1]["people"]) == 1


@pytest.mark.usefixtures("ada")
def test_a_person_works_where_an_administrator_says(api, bank):
    ana, browser = bank.agent("Ana"), browser_of(api, "ada")
    path = f"/api/v1/admin/people/{ana.id}"
    body = {
        "name": "Ana",
        "email": "ana@bank.example",
        "time_zone": "America/Chicago",
        "roles": ["agent"],
        "queues": [str(bank.queue_id)],
        "languages": ["en"],
        "version": 1,
    }

    there = api.put(
        path, json=body | {"branches": [str(bank.branch_id)]}, headers=browser
    )
    odd = api.put(
        path, json=body | {"branches": [NOWHERE], "version": 2}, headers=browser
    )

    assert there.status_code == 200, there.text
    assert there.json()["person"]["branches"] == [str(bank.branch_id)]
    assert set(odd.json()["errors"]) == {"branches"}
