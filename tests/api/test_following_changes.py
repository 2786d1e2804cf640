"""What customers, staff and programs get of a change, over HTTP."""

import pytest

from invo_booking.api.core.instants import instant_in_json
from invo_booking.domain.access.roles import Role
from invo_booking.usecases.upkeep import delivery
from tests.api.test_programs import book, make
from tests.api.test_staff import PATH, browser_of, draft, token_of
from tests.support.bank import PASSWORD, at

PEOPLE = "/api/v1/admin/people"


@pytest.fixture
def ada(api, bank):
    bank.agent("Ada", roles=(Role.ADMINISTRATOR,), languages=(), password=PASSWORD)
    return browser_of(api, "ada")


@pytest.fixture
def max_(api, bank, ana):
    assert ana
    bank.manager("Max", languages=(), password=PASSWORD)
    return token_of(api, "max")


def test_identified_customer_is_booked_once_for_a_minute(api, bank, ana, ada):
    bank.agent("Ben")
    kiosk = {"authorization": f"Bearer {make(api, ada).json()['token']}"}

    wanted = {"starts_at": "2026-12-14T16:00:00Z", "email": "twice@example.com"}

    answers = [book(api, bank, kiosk, **wanted) for _ in range(3)]

    assert ana
    assert [answer.status_code for answer in answers] == [201, 409, 409]
    assert answers[1].json()["code"] == "customer_busy"
    assert "already have an appointment" in answers[1].json()["detail"]


def test_staff_book_a_customer_once_for_a_minute_unless_they_mean_it(api, bank, max_):
    bank.agent("Ben")
    bank.agent("Cleo")

    answers = [
        api.post(PATH, json=draft(bank, **more), headers=max_)
        for more in ({}, {}, {}, {"despite_overlap": True})
    ]

    assert [answer.status_code for answer in answers] == [201, 409, 409, 201]


def test_link_of_before_a_correction_is_not_found(api, bank, max_):
    made = api.post(PATH, json=draft(bank), headers=max_).json()
    old = _mailed(bank)["rosa@example.com"]
    assert api.get(f"/api/v1/appointments/{old}").status_code == 200

    wanted = {"email": "rosa.d@example.com"}
    changed = api.patch(f"{PATH}/{made['id']}", json=wanted, headers=max_)

    assert changed.status_code == 200
    assert api.get(f"/api/v1/appointments/{old}").status_code == 404
    new = _mailed(bank)["rosa.d@example.com"]
    assert api.get(f"/api/v1/appointments/{new}").status_code == 200


def test_confirmation_is_sent_again_by_a_press(api, bank, max_):
    made = api.post(PATH, json=draft(bank), headers=max_).json()
    path, key = f"{PATH}/{made['id']}/send-confirmation", {"idempotency-key": "a" * 8}

    codes = [api.post(path, headers=max_ | key).status_code for _ in range(5)]
    without = [api.post(path, headers=max_).status_code for _ in range(3)]

    assert codes == [200] * 5
    assert without == [200, 200, 429]
    told = api.get(f"{PATH}/{made['id']}", headers=max_).json()["history"]
    assert sum(it["action"] == "confirmation sent again" for it in told) == 3


def test_what_a_disabled_agent_leaves_stands_on_the_list_of_what_nobody_can_take(
    api, bank, ana, ada, max_
):
    ben = bank.agent("Ben", password=PASSWORD)
    left = api.post(PATH, json=draft(bank, agent=str(ana.id)), headers=max_).json()
    busy = draft(bank, agent=str(ben.id), email="sam@example.com")
    api.post(PATH, json=busy, headers=max_)
    seen = {"version": _version(api, ada, ana), "reassign": [left["id"]]}

    disabled = api.post(f"{PEOPLE}/{ana.id}/disable", json=seen, headers=ada)

    assert disabled.status_code == 200, disabled.text
    listed = api.get("/api/v1/staff/unplaced", headers=max_).json()
    assert [(one["id"], one["agent"]) for one in listed] == [(left["id"], None)]
    of_ben = api.get("/api/v1/staff/unplaced", headers=token_of(api, "ben"))
    assert of_ben.json() == []
    window = {
        "scope": "team",
        "from": instant_in_json(at(0)),
        "to": instant_in_json(at(0, days=3)),
    }
    board = api.get(PATH, params=window, headers=max_).json()
    lanes = {one["id"]: one["lane"] for one in board["appointments"]}
    assert lanes[left["id"]] == "unassigned"


def _version(api, ada, person):
    return api.get(f"{PEOPLE}/{person.id}", headers=ada).json()["person"]["version"]


def _mailed(bank):
    """Deliver what is due; return the secret each address was mailed last."""
    delivery.deliver_due_mails(bank.deps)
    sent = [it for it in bank.deps.mailer.sent if "/a/" in it.text]
    return {it.to: it.text.partition("/a/")[2].split()[0] for it in sent}
