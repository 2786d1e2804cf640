"""What a program does by its token, over HTTP."""

import re
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest

from invo_booking.api.core.instants import instant_in_json
from invo_booking.domain.access.roles import Role
from tests.api.test_staff import browser_of, token_of
from tests.support.bank import PASSWORD, ZONE, at

PROGRAMS = "/api/v1/admin/programs"
APPOINTMENTS = "/api/v1/appointments"
OWN = "/api/v1/program/appointments"


@pytest.fixture
def ada(api, bank):
    bank.agent("Ada", roles=(Role.ADMINISTRATOR,), languages=(), password=PASSWORD)
    return browser_of(api, "ada")


def make(api, ada, name="Kiosk", scope="write", **more):
    body = {
        "name": name,
        "contact": "Digital",
        "scope": scope,
        "all_queues": True,
        "password": PASSWORD,
    }
    return api.post(PROGRAMS, json=body | more, headers=ada)


@pytest.fixture
def kiosk(api, ada):
    return bearer(make(api, ada))


def bearer(made):
    assert made.status_code == 201, made.text
    return {"authorization": f"Bearer {made.json()['token']}"}


def book(api, bank, headers, hour=12, *, identified=True, **more):
    body = {
        "answer": str(bank.answer_id),
        "language": "en",
        "channel": "video",
        "starts_at": instant_in_json(at(hour)),
        "name": "Rosa Delgado",
        "email": "rosa@example.com",
        "time_zone": ZONE,
        "customer_identified": identified,
    }
    key = {"idempotency-key": uuid4().hex}
    return api.post(APPOINTMENTS, json=body | more, headers={**headers, **key})


@pytest.mark.usefixtures("ana")
def test_program_books_confirmed_for_a_customer_it_identified(api, bank, kiosk):
    answer = book(api, bank, kiosk)

    assert answer.status_code == 201
    assert answer.json()["status"] == "confirmed"
    assert answer.json()["confirm_by"] is None


@pytest.mark.usefixtures("ana")
def test_nobody_else_says_that_a_customer_is_identified(api, bank, kiosk):
    asked = {
        "nobody": {},
        "a person's token": token_of(api, "ana"),
        "a made-up token": {"authorization": f"Bearer invop_{'x' * 43}"},
        "a browser": browser_of(api, "ana"),
    }

    assert {who: book(api, bank, it).status_code for who, it in asked.items()} == (
        dict.fromkeys(asked, 401)
    )
    assert book(api, bank, kiosk, identified=False).json()["status"] == "requested"


@pytest.mark.usefixtures("ana")
def test_program_that_may_read_books_nothing(api, bank, ada):
    reader = bearer(make(api, ada, scope="read"))

    assert book(api, bank, reader).status_code == 403
    assert api.get(OWN, headers=reader).json() == []
    with bank.deps.unit_of_work() as work:
        (entry,) = work.audit.history(f"POST {APPOINTMENTS}")
    assert (entry.actor, entry.action) == ("program Kiosk", "refused")
    assert entry.detail == {"scope": "read"}


@pytest.mark.usefixtures("ana")
def test_program_looks_at_moves_and_cancels_what_it_made(api, bank, ada, kiosk):
    mine = book(api, bank, kiosk).json()["id"]
    app = bearer(make(api, ada, "App"))
    moved_to = {"starts_at": instant_in_json(at(15))}

    assert api.get("/api/v1/program", headers=kiosk).json()["name"] == "Kiosk"
    assert [it["id"] for it in api.get(OWN, headers=kiosk).json()] == [mine]
    assert api.get(f"{OWN}/{mine}", headers=app).status_code == 404
    assert api.post(f"{OWN}/{mine}/cancel", headers=app).status_code == 404
    moved = api.post(f"{OWN}/{mine}/reschedule", json=moved_to, headers=kiosk)
    assert moved.json()["starts_at"] == instant_in_json(at(15))
    assert api.post(f"{OWN}/{mine}/cancel", headers=kiosk).json()["status"] == (
        "cancelled"
    )


@pytest.mark.usefixtures("ana")
def test_program_reaches_nothing_of_staff_and_does_not_sign_in(api, kiosk):
    secret = kiosk["authorization"].partition(" ")[2]

    for path in ("staff/catalogue", "admin/people", "admin/programs"):
        assert api.get(f"/api/v1/{path}", headers=kiosk).status_code == 401
    form = {"email": "Kiosk", "password": secret}
    signed_in = api.post("/session/sign-in", data=form)
    assert signed_in.headers["location"] == "/sign-in?error=wrong"


def test_renewed_and_revoked_tokens_end_when_said(api, ada):
    made = make(api, ada)
    former = bearer(made)
    address = f"{PROGRAMS}/{made.json()['id']}"
    wanted = {"overlap": 1, "password": PASSWORD}

    renewed = bearer(api.post(f"{address}/token", json=wanted, headers=ada))
    for token in (former, renewed):
        assert api.get("/api/v1/program", headers=token).status_code == 200
    assert api.post(f"{address}/revoke", headers=ada).status_code == 204
    for token in (former, renewed):
        assert api.get("/api/v1/program", headers=token).status_code == 401
    (listed,) = api.get(PROGRAMS, headers=ada).json()
    assert listed["revoked_at"]
    assert listed["tokens"] == []


@pytest.mark.parametrize(
    ("all_queues", "queues", "is_made"),
    [
        (False, [], False),
        (False, ["Lending"], True),
        (True, [], True),
        (True, ["Lending"], False),
    ],
)
def test_program_says_whether_it_may_book_everywhere(
    api, bank, ada, all_queues, queues, is_made
):
    """An empty list, as of a client that forgot to choose, is not all."""
    ids = [str(bank.queue_id) for _ in queues]

    made = make(api, ada, all_queues=all_queues, queues=ids)

    listed = api.get(PROGRAMS, headers=ada).json()
    if is_made:
        assert made.status_code == 201
        assert [(it["all_queues"], it["queues"]) for it in listed] == [
            (all_queues, ids)
        ]
    else:
        assert (made.status_code, listed) == (422, [])
        assert made.json()["errors"]["queues"].startswith("Choose either all queues")


def form_of(**more):
    return {
        "name": "Mobile app",
        "contact": "Digital",
        "scope": "write",
        "days": "0",
        "reach": "all",
        "password": PASSWORD,
    } | more


def test_form_shows_the_token_once_and_keeps_it_nowhere(api, bank, ada):
    form = form_of(reach="some", queue=[str(bank.queue_id)])

    answer = api.post("/session/programs", data=form, headers=ada)

    (made,) = api.get(PROGRAMS, headers=ada).json()
    assert made["queues"] == [str(bank.queue_id)]
    assert answer.headers["cache-control"] == "no-store"
    assert len(re.findall(r"invop_[\w-]{43}", answer.text)) == 1
    assert "<title>New token" in answer.text
    assert "Test Bank" in answer.text
    assert "Invo Booking" not in answer.text
    assert "invop_" not in api.get(PROGRAMS, headers=ada).text


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": ""}, "name"),
        ({"contact": ""}, "contact"),
        ({"scope": "admin"}, "scope"),
        ({"days": "x"}, "days"),
        ({"reach": "some", "queue": ["x"]}, "queues"),
        ({"reach": "some"}, "queues"),
        ({"reach": ""}, "queues"),
        ({"reach": "all", "queue": ["0" * 32]}, "queues"),
        ({"password": "wrong"}, "password"),
    ],
)
def test_form_leads_back_with_the_reason_and_without_the_password(
    api, ada, wrong, field
):
    answer = api.post("/session/programs", data=form_of(**wrong), headers=ada)

    assert answer.status_code == 303
    place = answer.headers["location"]
    assert place.startswith("/programs?new=1&")
    assert place.endswith(f"error={field}")
    assert "password=" not in place
    assert api.get(PROGRAMS, headers=ada).json() == []


def test_wrong_password_loses_none_of_the_chosen_queues(api, bank, ada):
    chosen = str(bank.queue_id)
    form = form_of(reach="some", queue=[chosen], password="wrong")

    answer = api.post("/session/programs", data=form, headers=ada)

    query = parse_qs(urlsplit(answer.headers["location"]).query)
    assert (query["reach"], query["queue"]) == (["some"], [chosen])


def test_list_of_queues_too_long_for_an_address_comes_back_whole_or_not_at_all(
    api, ada
):
    many = [str(uuid4()) for _ in range(60)]
    form = form_of(reach="some", queue=many, password="wrong")

    answer = api.post("/session/programs", data=form, headers=ada)

    place = answer.headers["location"]
    query = parse_qs(urlsplit(place).query)
    assert len(place) < 2_048
    assert (query["reach"], "queue" in query) == (["some"], False)


def test_wrong_password_keeps_the_end_of_a_leaked_token_as_it_was_chosen(api, ada):
    program = make(api, ada).json()["id"]
    form = {"days": "30", "overlap": "0", "password": "wrong"}

    answer = api.post(f"/session/programs/{program}/token", data=form, headers=ada)

    query = parse_qs(urlsplit(answer.headers["location"]).query)
    assert query == {
        "renew": [program],
        "days": ["30"],
        "overlap": ["0"],
        "error": ["password"],
    }


def test_other_sites_make_no_program(api, ada):
    foreign = ada | {"origin": "https://evil.example"}

    assert (
        api.post("/session/programs", data=form_of(), headers=foreign).status_code
        == 403
    )


@pytest.mark.obeys("general.program_requests")
def test_each_token_sends_as_many_requests_a_minute_as_the_setting_says(
    deps, bank, kept_parts, ada, api
):
    del kept_parts
    kiosk, app = bearer(make(api, ada)), bearer(make(api, ada, "App"))

    def refused(most: int) -> str:
        setting = {"general.program_requests": {"value": str(most)}}
        path = "/api/v1/admin/settings"
        assert api.put(path, json=setting, headers=ada).status_code == 200
        for _ in range(most):
            assert api.get("/api/v1/program", headers=kiosk).status_code == 200
        answer = api.get("/api/v1/program", headers=kiosk)
        assert answer.status_code == 429
        return answer.headers["retry-after"]

    assert bank.deps is deps
    for most in (3, 5):
        assert 1 <= int(refused(most)) <= 60
    assert api.get("/api/v1/program", headers=app).status_code == 200


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/robots.txt"),
        ("GET", "/api/v1/program/appointments"),
        ("GET", "/api/v1/staff/catalogue"),
        ("GET", "/api/v1/admin/people"),
        ("POST", "/api/v1/appointments"),
        ("POST", "/api/v1/appointments/links"),
        ("POST", "/session/sign-in"),
    ],
)
def test_each_request_of_a_program_counts_at_whatever_route(
    api, ada, kept_parts, method, path
):
    del kept_parts
    kiosk = bearer(make(api, ada))
    setting = {"general.program_requests": {"value": "2"}}
    assert api.put("/api/v1/admin/settings", json=setting, headers=ada).is_success

    told = [api.request(method, path, headers=kiosk) for _ in range(3)]

    assert [it.status_code == 429 for it in told] == [False, False, True]
    assert api.get("/api/v1/program", headers=kiosk).status_code == 429
