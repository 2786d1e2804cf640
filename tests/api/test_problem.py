from datetime import timedelta

import pytest
import structlog
from sqlalchemy.exc import DataError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from invo_booking.api.core.problem import STATUSES, refusal_response
from invo_booking.domain import errors
from invo_booking.domain.clock import utc_now
from invo_booking.domain.errors import (
    InvoError,
    NotFoundError,
    SlotClosedError,
    SlotTakenError,
    TooManyRequestsError,
)
from invo_booking.domain.interval import Interval

SECRET = "ana@bank.test"
NOON = utc_now().replace(hour=12, minute=0, second=0, microsecond=0)
SPAN = Interval(NOON, NOON + timedelta(minutes=30))


def test_every_refusal_has_a_status():
    codes = {
        thing.code
        for thing in vars(errors).values()
        if isinstance(thing, type) and issubclass(thing, InvoError)
    }

    assert codes <= set(STATUSES)


def test_taken_slot_offers_the_nearest_open_ones(failing):
    answer = failing(SlotTakenError("Just taken.", [SPAN])).get("/api/v1/answers")

    assert answer.status_code == 409
    assert answer.json()["code"] == "slot_taken"
    assert answer.json()["nearest"] == [
        {"start": f"{NOON:%Y-%m-%dT12:00:00Z}", "end": f"{NOON:%Y-%m-%dT12:30:00Z}"}
    ]


def test_closed_slot_says_which_rule_closed_it(failing):
    answer = failing(SlotClosedError("It is a holiday.", "holiday")).get(
        "/api/v1/answers"
    )

    assert (answer.json()["code"], answer.json()["reason"]) == (
        "slot_closed",
        "holiday",
    )


def test_too_often_says_when_to_come_back():
    soon = utc_now() + timedelta(seconds=90)

    answer = refusal_response(TooManyRequestsError("Slow down.", soon))

    assert 88 <= int(answer.headers["retry-after"]) <= 90


def test_moment_that_passed_is_at_least_a_second_away():
    answer = refusal_response(TooManyRequestsError("Slow down.", utc_now()))

    assert answer.headers["retry-after"] == "1"


def test_not_found_is_the_sentence_and_nothing_else(failing):
    answer = failing(NotFoundError("Not here.")).get("/api/v1/answers")

    assert answer.json() == {
        "type": "about:blank",
        "title": "Not Found",
        "status": 404,
        "code": "not_found",
        "detail": "Not here.",
    }


def test_surprise_is_generic_outside_and_one_scrubbed_line_inside(failing):
    door = failing(RuntimeError(f"SELECT failed for {SECRET}"))

    with structlog.testing.capture_logs() as lines:
        answer = door.get("/api/v1/answers", params={"who": SECRET})

    assert answer.status_code == 500
    assert answer.json()["code"] == "internal"
    assert "SELECT" not in answer.text
    assert [line["id"] for line in lines] == [answer.json()["id"]]
    assert lines[0]["error"] == "RuntimeError"
    assert lines[0]["route"] == "/api/v1/answers"
    assert "booking.py" in lines[0]["where"]
    assert SECRET not in str(lines)
    assert answer.headers["x-frame-options"] == "DENY"


def test_what_the_database_cannot_store_is_the_callers_mistake(failing):
    error = DataError(f"INSERT {SECRET}", {}, Exception("NUL"))

    answer = failing(error).get("/api/v1/answers")

    assert answer.status_code == 422
    assert SECRET not in answer.text


@pytest.mark.parametrize(
    "error", [OperationalError("SELECT 1", {}, Exception("down")), PoolTimeoutError()]
)
def test_without_database_callers_are_asked_to_come_back(failing, error):
    answer = failing(error).get("/api/v1/answers")

    assert answer.status_code == 503
    assert answer.json()["code"] == "unavailable"
    assert answer.headers["retry-after"] == "5"
