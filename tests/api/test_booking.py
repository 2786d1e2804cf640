"""A customer's walk through the API, on a real database."""

from datetime import date, timedelta

import pytest

from invo_booking.settings.general import PUBLIC_SCHEDULING
from tests.support.bank import ZONE, at, proof_of

TEN = "2026-11-24T16:00:00Z"


def wanted(bank, **more):
    body = {
        "answer": str(bank.answer_id),
        "language": "en",
        "channel": "video",
        "starts_at": TEN,
        "name": "Rosa Delgado",
        "email": "rosa@example.com",
        "time_zone": ZONE,
    }
    return body | more


def book(api, bank, key="key-of-this-form", **more):
    return api.post(
        "/api/v1/appointments",
        json=wanted(bank, **more),
        headers={"idempotency-key": key},
    )


def slots(api, bank, **more):
    query = {"answer": str(bank.answer_id), "language": "en"} | more
    return api.get("/api/v1/slots", params=query)


@pytest.fixture
def staffed(bank):
    bank.agent()
    return bank


@pytest.fixture
def link(api, staffed):
    return f"/api/v1/appointments/{book(api, staffed).json()['token']}"


@pytest.fixture
def mailed(link, staffed):
    """The link that only the mail has."""
    return f"/api/v1/appointments/{proof_of(staffed.deps, link.rpartition('/')[2])}"


def test_topics_say_all_that_a_channel_needs_to_offer_them(api, staffed):
    answer = api.get("/api/v1/answers").json()

    assert answer["institution"] == "Test Bank"
    assert answer["scheduling_on"] is True
    assert answer["answers"] == [
        {
            "id": str(staffed.answer_id),
            "title": "Mortgage advice",
            "description": "",
            "queue": "Lending",
            "duration_minutes": 30,
            "languages": ["en", "es"],
            "channels": ["video", "phone"],
            "documents": ["Photo ID"],
            "agents": [],
        }
    ]


def test_slots_come_in_utc_and_on_the_callers_clock(api, staffed):
    answer = slots(
        api, staffed, tz="Europe/Berlin", **{"from": "2026-11-24", "to": "2026-11-25"}
    ).json()

    assert answer["time_zone"] == "Europe/Berlin"
    assert answer["slots"][0] == {
        "start": "2026-11-24T15:00:00Z",
        "end": "2026-11-24T15:30:00Z",
        "local_start": "2026-11-24T16:00:00+01:00",
        "local_end": "2026-11-24T16:30:00+01:00",
        "branch": None,
    }
    assert set(answer) == {"time_zone", "horizon_end", "branch", "closed_days", "slots"}


def test_days_without_slots_say_what_the_page_says(api, staffed):
    staffed.holiday(date(2026, 11, 26), "Thanksgiving")
    week = {"from": "2026-11-23", "to": "2026-11-30"}

    answer = slots(api, staffed, **week).json()

    assert answer["closed_days"] == {
        "2026-11-26": "Closed for Thanksgiving",
        "2026-11-28": "Closed at the weekend",
        "2026-11-29": "Closed at the weekend",
    }


def test_without_a_zone_the_institutions_own_is_meant(api, staffed):
    answer = slots(api, staffed).json()

    assert answer["time_zone"] == ZONE
    assert answer["slots"][0]["local_start"] == "2026-11-23T09:00:00-06:00"


def test_window_of_a_hundred_days_is_too_long(api, staffed):
    answer = slots(api, staffed, **{"from": "2026-11-24", "to": "2027-03-10"})

    assert answer.status_code == 422


def test_booking_holds_the_slot_and_answers_with_the_link(api, staffed):
    answer = book(api, staffed)

    assert answer.status_code == 201
    booked = answer.json()
    assert booked["status"] == "requested"
    assert booked["starts_at"] == TEN
    assert booked["mailed_to"] == "rosa@example.com"
    assert booked["status_url"] == f"http://localhost:8000/a/{booked['token']}"
    assert answer.headers["location"] == f"/api/v1/appointments/{booked['token']}"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert TEN not in {slot["start"] for slot in slots(api, staffed).json()["slots"]}


def test_retry_with_the_same_key_books_nothing_twice(api, staffed):
    staffed.agent("Ben")

    assert book(api, staffed).json() == book(api, staffed).json()


def test_same_key_with_other_details_is_refused(api, staffed):
    book(api, staffed)

    answer = book(api, staffed, name="Somebody Else")

    assert answer.status_code == 409
    assert answer.json()["code"] == "idempotency_mismatch"


def test_who_comes_second_is_offered_the_nearest_open_starts(api, staffed):
    book(api, staffed)

    answer = book(api, staffed, key="another-form", email="luis@example.com")

    assert answer.status_code == 409
    assert answer.json()["code"] == "slot_taken"
    assert len(answer.json()["nearest"]) == 3
    assert answer.json()["nearest"][0]["start"].endswith("Z")


@pytest.mark.parametrize("start", ["2026-11-24T16:07:00Z", "2020-11-24T16:00:00Z"])
def test_start_that_was_never_on_offer_is_refused_with_the_rule(api, staffed, start):
    answer = book(api, staffed, starts_at=start)

    assert answer.status_code == 409
    assert answer.json()["code"] == "slot_closed"
    assert answer.json()["reason"]


def test_problems_are_told_beside_their_fields(api, staffed):
    answer = book(api, staffed, email="no address", phone="no number")

    assert answer.status_code == 422
    assert {"email", "phone"} <= set(answer.json()["errors"])


@pytest.mark.parametrize(
    "name",
    [
        "Bob\r\nBcc: x@evil.test",
        "Bob\0",
        "<img src=x onerror=alert(1)>",
        "{{7*7}}",
        "' OR 1=1--",
        "\u202eevil",
        "a" + "\u0301" * 150,
        "Zoë 😀",
    ],
)
def test_strange_names_are_stored_or_refused_and_never_fail(api, staffed, name):
    answer = book(api, staffed, name=name)

    assert answer.status_code in {201, 422}
    if answer.status_code == 201:
        assert api.get(answer.headers["location"]).status_code == 200


def test_switched_off_is_403(api, staffed):
    staffed.set(PUBLIC_SCHEDULING, "off")

    answer = book(api, staffed)

    assert answer.status_code == 403
    assert answer.json()["code"] == "public_scheduling_off"


def test_looking_a_hundred_times_changes_nothing(api, link):
    before = api.get(link).json()

    for _ in range(3):
        api.get(link)
        api.head(link)
        api.get(f"{link}/calendar.ics")
        for verb in (
            "confirm",
            "cancel",
            "reschedule",
            "join",
            "running-late",
            "send-again",
            "address",
        ):
            assert api.get(f"{link}/{verb}").status_code == 405
            assert api.head(f"{link}/{verb}").status_code == 405

    assert api.get(link).json() == before
    assert before["status"] == "requested"


def test_nothing_that_the_api_answers_confirms(api, staffed):
    told = book(api, staffed).json()
    link = f"/api/v1/appointments/{told['token']}"

    answers = [api.post(f"{link}/{verb}") for verb in ("confirm", "send-again")]

    assert answers[0].status_code == 403
    assert answers[0].json()["code"] == "proof_needed"
    proof = proof_of(staffed.deps, told["token"])
    told = f"{told} {answers} {api.get(link).json()} {answers[1].json()}"
    assert proof not in told
    assert api.get(link).json()["status"] == "requested"


def test_link_shows_no_full_address(api, link, mailed):
    for address in (link, mailed):
        assert api.get(address).json()["mailed_to"] == "r\u2022\u2022\u2022@example.com"
        assert "rosa@example.com" not in api.get(address).text


def test_address_is_corrected_and_only_the_new_mail_confirms(api, link, mailed):
    answer = api.post(f"{link}/address", json={"email": "rosa.d@example.com"})

    assert answer.status_code == 200
    assert answer.json()["can_confirm"] is False
    assert api.post(f"{mailed}/confirm").status_code == 404
    again = api.post(f"{link}/address", json={"email": "rosa.d@example.com"})
    assert (again.status_code, list(again.json()["errors"])) == (422, ["email"])


def test_sixth_mail_of_a_day_is_refused_with_the_time_to_wait(api, link):
    for _ in range(4):
        assert api.post(f"{link}/send-again").status_code == 200

    answer = api.post(f"{link}/send-again")

    assert answer.status_code == 429
    assert answer.headers["retry-after"]


def test_asking_for_links_answers_the_same_to_customers_and_strangers(api, link):
    assert link
    path = "/api/v1/appointments/links"

    known, unknown = (
        api.post(path, json={"email": f"{who}@example.com"})
        for who in ("rosa", "nobody")
    )

    assert (known.status_code, known.content) == (unknown.status_code, unknown.content)


def test_pressing_confirm_twice_is_harmless(api, mailed):
    first = api.post(f"{mailed}/confirm")
    second = api.post(f"{mailed}/confirm")

    assert first.status_code == second.status_code == 200
    assert first.json()["status"] == "confirmed"
    assert first.json()["phase"] == "upcoming"


def test_confirming_too_late_is_gone(api, mailed, clock):
    clock.advance(timedelta(hours=2))

    answer = api.post(f"{mailed}/confirm")

    assert answer.status_code == 410
    assert answer.json()["code"] == "gone"


def test_cancelling_takes_a_reason_or_none(api, link):
    assert api.post(f"{link}/cancel", json={"reason": "Ill"}).status_code == 200
    again = api.post(f"{link}/cancel")
    assert again.json()["status"] == "cancelled"
    assert again.json()["can_cancel"] is False


def test_rescheduling_moves_to_an_open_start(api, link):
    to = {"starts_at": "2026-11-24T18:00:00Z"}

    moved = api.post(f"{link}/reschedule", json=to)

    assert moved.status_code == 200
    assert moved.json()["starts_at"] == "2026-11-24T18:00:00Z"


def test_joining_is_for_its_time_alone(api, link, mailed, clock):
    api.post(f"{mailed}/confirm")
    early = api.post(f"{link}/join")
    assert (early.status_code, early.json()["reason"]) == (409, "too_early")

    clock.now = at(10, days=1) - timedelta(minutes=5)
    assert api.post(f"{link}/join").json()["url"].startswith("http")

    clock.now = at(12, days=1)
    assert api.post(f"{link}/join").status_code == 410


def test_calendar_file_is_one(api, link):
    file = api.get(f"{link}/calendar.ics")

    assert file.headers["content-type"].startswith("text/calendar")
    assert file.text.startswith("BEGIN:VCALENDAR")


def test_unknown_links_all_look_alike(api, staffed):
    del staffed
    texts = {api.get(f"/api/v1/appointments/{c * 43}").text for c in "abc"}

    assert len(texts) == 1
    assert "not_found" in texts.pop()


def test_asking_for_links_tells_nothing(api, link):
    del link
    known = api.post("/api/v1/appointments/links", json={"email": "rosa@example.com"})
    unknown = api.post("/api/v1/appointments/links", json={"email": "x@example.com"})

    assert known.status_code == unknown.status_code == 202
    assert known.text == unknown.text


@pytest.mark.parametrize("email", ["", "x", "a\0@example.com", "a@b\r\nBcc: c@d.test"])
def test_asking_for_links_of_no_address_never_fails(api, bank, email):
    del bank
    answer = api.post("/api/v1/appointments/links", json={"email": email})

    assert answer.status_code in {202, 422}


@pytest.mark.parametrize("field", ["language", "time_zone", "locale", "notes", "phone"])
@pytest.mark.parametrize("text", ["\0", "../../etc/passwd", "' OR 1=1--", "\u2028"])
def test_strange_text_in_any_field_never_fails(api, staffed, field, text):
    assert book(api, staffed, **{field: text}).status_code in {201, 422}
