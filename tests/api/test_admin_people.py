"""Administrators' routes for people, on a real database."""

from datetime import timedelta

import pytest

from invo_booking.domain.access.roles import Role
from invo_booking.domain.appointment import Channel
from invo_booking.usecases.appointment.drafts import AppointmentDraft
from invo_booking.usecases.staff import appointments
from tests.api.test_staff import browser_of, token_of
from tests.support.bank import PASSWORD, ZONE, at

PEOPLE = "/api/v1/admin/people"


@pytest.fixture
def ada(api, bank):
    bank.agent("Ada", roles=(Role.ADMINISTRATOR,), languages=(), password=PASSWORD)
    return browser_of(api, "ada")


def body(bank, **more):
    wanted = {
        "name": "Ana",
        "email": "ana@bank.example",
        "time_zone": ZONE,
        "roles": ["agent"],
        "queues": [str(bank.queue_id)],
        "languages": ["en"],
        "hours": [
            {"weekday": day, "begins": "09:00", "ends": "17:00"} for day in range(5)
        ],
    }
    return wanted | more


def book(bank, agent):
    draft = AppointmentDraft(
        queue_id=bank.queue_id,
        language="en",
        channel=Channel.PHONE,
        starts_at=at(11),
        ends_at=at(11) + timedelta(minutes=30),
        agent_id=agent.id,
        name="Rosa Delgado",
        email="rosa@example.com",
    )
    return appointments.create_appointment(bank.deps, bank.manager("Max"), draft)


def test_a_person_is_taken_on_and_no_password_is_told(api, bank, ada):
    new = body(bank, name="Ben Ode", email="ben@bank.example", password=PASSWORD)
    made = api.post(PEOPLE, json=new, headers=ada)

    assert made.status_code == 201
    shown = api.get(f"{PEOPLE}/{made.json()['id']}", headers=ada)
    assert shown.json()["person"]["name"] == "Ben Ode"
    nine_to_five = {"begins": "09:00", "ends": "17:00", "branch": None}
    assert shown.json()["hours"]["0"] == [nine_to_five]
    assert made.json() == {"id": shown.json()["person"]["id"], "invited": True}
    assert shown.json()["has_password"] is False


@pytest.mark.parametrize("password", ["", "a wrong password"])
def test_who_only_sits_at_an_open_session_lets_nobody_in(api, bank, ada, ana, password):
    path, given = f"{PEOPLE}/{ana.id}", {"password": password}
    roles = ["agent", "manager"]
    asked = (
        ("POST", PEOPLE, body(bank, name="Eve", email="eve@bank.example", **given)),
        ("PUT", path, body(bank, version=1, roles=roles, **given)),
        ("PUT", path, body(bank, version=1, email="eve@bank.example", **given)),
        ("POST", f"{path}/link", given),
    )

    for method, where, sent in asked:
        answer = api.request(method, where, json=sent, headers=ada)
        assert (answer.status_code, list(answer.json()["errors"])) == (
            422,
            ["password"],
        )
    assert len(api.get(PEOPLE, headers=ada).json()["people"]) == 2
    assert bank.actor(ana.id) == ana


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["Ada", "Ana", "Max"]),
        ("name=aNa", ["Ana"]),
        ("role=manager", ["Max"]),
        ("language=es", ["Max"]),
        ("active=false", []),
    ],
)
@pytest.mark.usefixtures("ana")
def test_people_are_listed_by_what_is_asked(api, bank, ada, query, names):
    bank.manager("Max", languages=("es",))

    told = api.get(f"{PEOPLE}?{query}", headers=ada).json()["people"]

    assert [one["name"] for one in told] == names


def test_a_change_that_concerns_an_appointment_is_409_until_it_is_decided(
    api, bank, ada, ana
):
    booked, path = book(bank, ana), f"{PEOPLE}/{ana.id}"
    short = body(bank, hours=[], version=1)

    asked = api.put(path, json=short, headers=ada)
    saved = api.put(path, json=short | {"keep": [str(booked.id)]}, headers=ada)

    assert asked.status_code == 409
    assert asked.json()["code"] == "displaces_appointments"
    (one,) = asked.json()["appointments"]
    assert (one["id"], one["why"]) == (str(booked.id), "Ana does not work then.")
    assert one["instead"] == "Max is free and takes it."
    assert (saved.status_code, saved.json()["hours"]) == (200, {})
    assert saved.json()["person"]["version"] == 2


def test_disabling_hands_appointments_over_and_enabling_lets_in_again(
    api, bank, ada, ana
):
    booked, path = book(bank, ana), f"{PEOPLE}/{ana.id}"

    off = api.post(
        f"{path}/disable",
        json={"version": 1, "reassign": [str(booked.id)]},
        headers=ada,
    )
    again = {"version": 2, "password": PASSWORD}
    on = api.post(f"{path}/enable", json=again, headers=ada)

    assert off.json()["person"]["active"] is False
    assert on.json()["person"]["active"] is True
    with bank.deps.unit_of_work() as work:
        holder = work.appointments.get(booked.id).agent_id
        assert work.roster.person_name(holder) == "Max"


def test_an_old_version_is_409_and_wrong_fields_are_named(api, bank, ada, ana):
    path = f"{PEOPLE}/{ana.id}"
    night = [{"weekday": 0, "begins": "17:00", "ends": "09:00"}]

    old = api.put(path, json=body(bank, version=7), headers=ada)
    wrong = api.put(
        path, json=body(bank, version=1, roles=[], hours=night), headers=ada
    )

    assert (old.status_code, old.json()["code"]) == (409, "conflict")
    assert wrong.status_code == 422
    assert set(wrong.json()["errors"]) == {"roles", "hours"}


def test_hours_until_midnight_exceptions_and_time_off_come_back(api, bank, ada, ana):
    late = {"begins": "20:00", "ends": "24:00", "branch": str(bank.branch_id)}
    wanted = body(
        bank,
        version=1,
        hours=[{"weekday": 5, **late}],
        exceptions=[{"day": "2026-11-27", "hours": []}],
        time_off=[
            {"starts_at": "2026-12-21T06:00:00Z", "ends_at": "2026-12-24T06:00:00Z"}
        ],
    )

    told = api.put(f"{PEOPLE}/{ana.id}", json=wanted, headers=ada).json()

    assert told["hours"] == {"5": [late]}
    assert told["exceptions"] == {"2026-11-27": []}
    assert told["time_off"][0]["starts_at"] == "2026-12-21T06:00:00Z"


def test_a_link_is_mailed_to_its_person(api, ada, ana):
    path = f"{PEOPLE}/{ana.id}/link"
    told = api.post(path, json={"password": PASSWORD}, headers=ada)

    assert (told.status_code, told.json()) == (202, {"sent_to": ana.email})


def test_a_link_is_not_sent_where_no_mail_can_go_out(api, no_mail_server, ada, ana):
    assert no_mail_server
    told = api.post(f"{PEOPLE}/{ana.id}/link", headers=ada)

    assert told.status_code == 422
    assert "No mail server is set up" in told.text


def test_passwords_can_be_neither_read_nor_set(api, ada, ana):
    assert api.post(f"{PEOPLE}/{ana.id}/password", headers=ada).status_code == 404


def test_people_are_for_administrators(api, bank, ana):
    bank.manager("Max", password=PASSWORD)
    headers = browser_of(api, "max")

    assert api.get(PEOPLE, headers=headers).status_code == 403
    assert api.get(f"{PEOPLE}/{ana.id}", headers=headers).status_code == 403
    assert api.post(f"{PEOPLE}/{ana.id}/link", headers=headers).status_code == 403


def test_token_reads_people_and_changes_none(api, bank, ana):
    bank.agent("Root", roles=(Role.SUPER_ADMIN,), password=PASSWORD)
    token = token_of(api, "root")
    new = body(bank, name="Eve", email="eve@bank.example", roles=["super-admin"])
    seen = {"version": 1}

    assert api.get(f"{PEOPLE}/{ana.id}", headers=token).status_code == 200
    for answer in (
        api.post(PEOPLE, json=new, headers=token),
        api.put(f"{PEOPLE}/{ana.id}", json=body(bank, **seen), headers=token),
        api.post(f"{PEOPLE}/{ana.id}/disable", json=seen, headers=token),
        api.post(f"{PEOPLE}/{ana.id}/enable", json=seen, headers=token),
        api.post(f"{PEOPLE}/{ana.id}/link", headers=token),
    ):
        assert answer.status_code == 401
    assert bank.actor(ana.id) == ana
