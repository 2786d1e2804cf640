"""What HTTP callers are asked for above what goes through as it is."""

import pytest

from invo_booking.usecases.booking import admission
from invo_booking.usecases.booking.admission import MOST_A_MINUTE
from tests.api.conftest import serve
from tests.api.test_booking import wanted
from tests.support.api_document import api_document
from tests.support.bank import at
from tests.support.work import proof_of

LINKS = "/api/v1/appointments/links"


@pytest.fixture(autouse=True)
def cheap_work(monkeypatch):
    monkeypatch.setattr(admission, "ORDINARY_BITS", 10)


@pytest.fixture
def staffed(bank):
    bank.agent()
    return bank


def book(api, bank, number, **headers):
    body = wanted(
        bank,
        email=f"made-up-{number}@example.com",
        starts_at=at(9 + number % 8, days=1 + number // 8).isoformat(),
    )
    key = {"idempotency-key": f"a-key-{number:04}"}
    return api.post("/api/v1/appointments", json=body, headers=key | headers)


def work(answer) -> dict[str, str]:
    return {"proof-of-work": proof_of(answer.json()["challenge"])}


def test_one_address_holds_five_slots_without_work_whatever_addresses_it_makes_up(
    api, staffed
):
    answers = [book(api, staffed, number) for number in range(24)]

    held = [it.status_code == 201 for it in answers]
    assert sum(held) == MOST_A_MINUTE
    assert {it.status_code for it in answers} == {201, 429}


def test_the_answer_says_what_to_work_on_and_the_proof_lets_the_request_through(
    api, staffed
):
    for number in range(MOST_A_MINUTE):
        book(api, staffed, number)

    asked = book(api, staffed, 6)
    told = asked.json()
    assert asked.headers["content-type"] == "application/problem+json"
    assert told["code"] == "proof_of_work_required"
    assert told["difficulty"] == 10
    assert told["expires_at"].endswith("Z")

    proof = work(asked)
    assert book(api, staffed, 6, **proof).status_code == 201
    assert book(api, staffed, 6, **proof).status_code == 201, "the very same submit"
    assert book(api, staffed, 7, **proof).status_code == 429, "another one"


@pytest.mark.parametrize("proof", ["", "nonsense", "a.1", "9" * 100])
def test_nonsense_in_place_of_a_proof_gets_a_new_challenge(api, staffed, proof):
    for number in range(MOST_A_MINUTE):
        book(api, staffed, number)

    answer = book(api, staffed, 6, **{"proof-of-work": proof})

    assert answer.json()["code"] == "proof_of_work_required"


def test_an_endless_header_is_refused(api, staffed):
    assert book(api, staffed, 1, **{"proof-of-work": "9" * 101}).status_code == 422


def test_another_network_cannot_use_the_proof(deps, api, staffed):
    for number in range(MOST_A_MINUTE):
        book(api, staffed, number)
    proof = work(book(api, staffed, 6))
    other = serve(deps, "198.51.100.7")
    for number in range(8, 8 + MOST_A_MINUTE):
        book(other, staffed, number)

    assert book(other, staffed, 6, **proof).status_code == 429
    assert book(api, staffed, 6, **proof).status_code == 201


def test_mailing_links_is_under_the_same_count(api):
    asked = [
        api.post(LINKS, json={"email": f"somebody{n}@example.com"}) for n in range(9)
    ]

    assert [it.status_code for it in asked] == [202] * 5 + [429] * 4
    again = api.post(
        LINKS, json={"email": "somebody@example.com"}, headers=work(asked[-1])
    )
    assert again.status_code == 202


def test_a_forwarded_address_is_believed_from_no_stranger(api, staffed):
    told = [
        book(api, staffed, n, **{"x-forwarded-for": f"203.0.113.{n}"}).status_code
        for n in range(8)
    ]

    assert told.count(201) == MOST_A_MINUTE


def test_openapi_tells_of_the_header():
    paths = api_document()["paths"]
    for path in ("/api/v1/appointments", LINKS):
        names = {it["name"] for it in paths[path]["post"]["parameters"]}
        assert "Proof-Of-Work" in names
