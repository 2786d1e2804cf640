"""What programs pass on from a customer's browser is never refused."""

import json

import pytest

from invo_booking.domain.contact import NOTES_LIMIT
from tests.api.test_booking import slots, wanted
from tests.support.api_document import api_document
from tests.support.bank import ZONE


def book(api, bank, **more):
    return api.post(
        "/api/v1/appointments",
        content=json.dumps(wanted(bank, **more)),
        headers={"idempotency-key": "k" * 8, "content-type": "application/json"},
    )


@pytest.fixture
def stored(bank):
    """Return what is stored of the customer of an answer."""

    def look(answer):
        assert answer.status_code == 201, answer.text
        with bank.deps.unit_of_work() as work:
            return work.appointments.get(answer.json()["id"]).customer

    bank.agent()
    return look


@pytest.mark.parametrize(
    "said", ["Etc/Unknown", "undefined", "+05:30", "", "\ud800", 7, None, "x" * 5000]
)
def test_zone_that_is_none_is_the_institutions(api, bank, stored, said):
    assert stored(book(api, bank, time_zone=said)).time_zone == ZONE


@pytest.mark.parametrize(
    ("said", "locale"),
    [
        ("en-US@posix", "en-US"),
        ("en-US-u-ca-gregory-hc-h23-nu-latn", "en-US"),
        ("es-MX-" + "x" * 5000, "en-MX"),
        ("undefined", "en-US"),
        ("\ud800", "en-US"),
        (7, "en-US"),
        (None, "en-US"),
    ],
)
def test_tag_that_is_none_is_english_of_the_country(api, bank, stored, said, locale):
    assert stored(book(api, bank, locale=said)).locale == locale


def test_neither_has_to_be_said(api, bank, stored):
    body = wanted(bank, email="\u202arosa\uff20example.com\u202c\u200b")
    del body["time_zone"]
    answer = api.post(
        "/api/v1/appointments", json=body, headers={"idempotency-key": "k" * 8}
    )

    customer = stored(answer)
    assert (customer.time_zone, customer.locale) == (ZONE, "en-US")
    assert customer.email == "rosa@example.com"


@pytest.mark.parametrize("typed", ["+05:30", "Etc/Unknown", "chicago"])
def test_zone_that_is_typed_into_a_question_is_told_to_be_none(api, bank, typed):
    answer = slots(api, bank, tz=typed)

    assert answer.status_code == 422
    assert list(answer.json()["errors"]) == ["tz"]


def test_schema_names_the_one_limit_of_notes(api, bank):
    shapes = api_document()["components"]["schemas"]
    bank.agent()

    for shape in ("NewBooking", "DraftBody"):
        assert shapes[shape]["properties"]["notes"]["maxLength"] == NOTES_LIMIT
    assert book(api, bank, notes="n" * 1500).status_code == 422
    assert book(api, bank, notes="n" * NOTES_LIMIT).status_code == 201
