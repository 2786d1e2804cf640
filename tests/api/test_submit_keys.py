"""Every route that makes something takes an Idempotency-Key, and says so."""

import pytest

from invo_booking.domain.access.roles import Role
from tests.api.test_admin_catalogue import answer_body
from tests.api.test_admin_people import body as person_body
from tests.api.test_staff import PATH, browser_of, draft, token_of
from tests.support.api_document import api_document
from tests.support.bank import PASSWORD

KEY = {"idempotency-key": "one-press-of-a-button"}

MAKES_NOTHING_TWICE = {
    "/api/v1/admin/answers/{answer_id}/archive": "has a version",
    "/api/v1/admin/answers/{answer_id}/restore": "has a version",
    "/api/v1/admin/audit/export": "only reads",
    "/api/v1/admin/branches/{branch_id}/holidays": "a date is closed once",
    "/api/v1/admin/calendars/disconnect": "ends what is connected",
    "/api/v1/admin/calendars/refresh": "makes one run due",
    "/api/v1/admin/calendars/switch": "changes to another provider",
    "/api/v1/admin/calendars/host/switch": "changes to another host calendar",
    "/api/v1/admin/calendars/test": "only reads",
    "/api/v1/admin/holidays": "a date is closed once",
    "/api/v1/admin/people/{person_id}/disable": "has a version",
    "/api/v1/admin/people/{person_id}/enable": "has a version",
    "/api/v1/admin/programs/{program_id}/revoke": "ends what is in use",
    "/api/v1/admin/settings/{key}/reset": "sets one value",
    "/api/v1/admin/settings/history/{number}/undo": "sets one value",
    "/api/v1/appointments/links": "limited per contact",
    "/api/v1/appointments/{token}/address": "three of them",
    "/api/v1/appointments/{token}/cancel": "ends what is live",
    "/api/v1/appointments/{token}/confirm": "confirms what is requested",
    "/api/v1/appointments/{token}/join": "is joined once",
    "/api/v1/appointments/{token}/reschedule": "moves to one time",
    "/api/v1/appointments/{token}/running-late": "is said once",
    "/api/v1/appointments/{token}/send-again": "limited per contact",
    "/api/v1/program/appointments/{appointment_id}/cancel": "ends what is live",
    "/api/v1/program/appointments/{appointment_id}/reschedule": "moves to one time",
    "/api/v1/staff/appointments/{appointment_id}/assign": "has a version",
    "/api/v1/staff/appointments/{appointment_id}/keep-waiting": "until a time",
    "/api/v1/staff/appointments/{appointment_id}/take": "is taken once",
    "/api/v1/staff/conflicts/{appointment_id}/follow": "settles a difference",
    "/api/v1/staff/conflicts/{appointment_id}/put-back": "settles a difference",
    "/api/v1/staff/conflicts/follow": "settles differences",
    "/api/v1/staff/conflicts/put-back": "settles differences",
    "/api/v1/staff/conflicts/write-again": "settles differences",
    "/api/v1/staff/conflicts/{appointment_id}/write-again": "settles a difference",
}
"""POST routes that need no key, each with the reason."""


def posts() -> dict[str, dict]:
    paths = api_document()["paths"]
    found = {path: paths[path]["post"] for path in paths if "post" in paths[path]}
    return {path: it for path, it in found.items() if path.startswith("/api/")}


def key_of(operation) -> dict | None:
    parameters = operation.get("parameters", [])
    return next((it for it in parameters if it["name"] == "Idempotency-Key"), None)


def test_every_post_takes_a_key_or_says_why_it_needs_none():
    without = {path for path, operation in posts().items() if not key_of(operation)}

    assert without == set(MAKES_NOTHING_TWICE)


def test_whatever_answers_that_it_was_created_takes_a_key():
    for path, operation in posts().items():
        if "201" in operation["responses"]:
            assert key_of(operation), path


@pytest.fixture
def ada(api, bank):
    bank.agent("Ana", password=PASSWORD)
    bank.manager("Max", password=PASSWORD)
    return token_of(api, "max")


def test_a_repeated_request_gets_the_first_answer(api, bank, ada, deps):
    first = api.post(PATH, json=draft(bank), headers=ada | KEY)
    again = api.post(PATH, json=draft(bank), headers=ada | KEY)
    other = api.post(PATH, json=draft(bank, name="Another"), headers=ada | KEY)

    assert first.status_code == again.status_code == 201
    assert again.json() == first.json()
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_mismatch")
    with deps.unit_of_work() as work:
        sent = work.session.connection().exec_driver_sql("SELECT count(*) FROM outbox")
        assert sent.scalar() == 1


BODIES = {
    "answers": answer_body,
    "queues": lambda _: {"name": "Cards"},
    "languages": lambda _: {"code": "pl", "name": "Polish"},
    "people": lambda bank: person_body(bank, name="Ben", password=PASSWORD),
}
"""What makes one thing of each kind an administrator makes."""


@pytest.mark.parametrize("kind", BODIES)
def test_what_administrators_make_is_made_once_for_each_key(api, bank, kind):
    bank.agent("Ada", roles=(Role.ADMINISTRATOR,), languages=(), password=PASSWORD)
    ada = (browser_of if kind == "people" else token_of)(api, "ada")
    path, body = f"/api/v1/admin/{kind}", BODIES[kind](bank)

    first = api.post(path, json=body, headers=ada | KEY)
    again = api.post(path, json=body, headers=ada | KEY)

    assert first.is_success, first.text
    assert (again.status_code, again.text) == (first.status_code, first.text)


@pytest.mark.parametrize("key", ["short", "a" * 129, "with blank inside"])
def test_a_key_that_cannot_be_one_is_refused_in_words(api, bank, ada, key):
    answer = api.post(PATH, json=draft(bank), headers=ada | {"idempotency-key": key})

    assert answer.status_code == 422
