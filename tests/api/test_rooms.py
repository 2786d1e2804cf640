"""The doors of a video call: who is let in, and what a visit leaves behind."""

import re

import pytest

from invo_booking.settings.calls import ROOM
from invo_booking.usecases.booking import manage
from invo_booking.usecases.staff import appointments
from tests.api.conftest import ORIGIN, serve
from tests.support.bank import PASSWORD, at
from tests.usecases.test_appointments import requested

PRESS = {
    "sec-fetch-site": "same-origin",
    "sec-fetch-mode": "navigate",
    "sec-fetch-user": "?1",
}
FORM = {"origin": ORIGIN}


@pytest.fixture
def booked(bank, ana, clock):
    booked = requested(bank, at(10))
    appointments.assign_appointment(
        bank.deps, bank.manager(), booked.appointment.id, ana.id
    )
    clock.now = at(9, 55)
    return booked


@pytest.fixture
def door(booked):
    return f"/a/{booked.token}/room"


@pytest.fixture
def staff_door(booked):
    return f"/session/rooms/{booked.appointment.id}"


@pytest.fixture
def browser(deps, booked, kept_parts):
    del booked, kept_parts  # signed in at the time of the call
    browser = serve(deps)
    form = {"email": "ana@bank.example", "password": PASSWORD}
    assert browser.post("/session/sign-in", data=form, headers=FORM).cookies
    return browser


def attendance(bank, booked):
    with bank.deps.unit_of_work() as work:
        kept = work.appointments.get(booked.appointment.id)
    return kept.joined_at is not None, kept.staff_joined_at is not None


def is_sent_to_room(answer) -> bool:
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-store"
    is_there = answer.headers["location"].startswith("https://meet.bank.example/")
    return answer.status_code == 303 and is_there


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"sec-fetch-site": "none", "sec-fetch-mode": "navigate"},
        PRESS | {"sec-fetch-site": "cross-site"},
        PRESS | {"sec-fetch-mode": "no-cors"},
        PRESS | {"sec-purpose": "prefetch"},
        {key: it for key, it in PRESS.items() if key != "sec-fetch-user"},
    ],
)
def test_what_only_looks_at_a_door_sees_a_button_and_notes_nothing(
    api, bank, booked, door, headers
):
    shown = api.get(door, headers=headers)

    assert shown.status_code == 200
    assert '<form method="post">' in shown.text
    assert "meet.bank.example" not in shown.text
    assert shown.headers["cache-control"] == "no-store"
    assert api.head(door, headers=headers | PRESS).status_code == 405
    assert attendance(bank, booked) == (False, False)


def test_button_of_the_door_leads_to_the_room(api, bank, booked, door):
    policy = api.get(door).headers["content-security-policy"]
    assert "form-action 'self' https:;" in policy

    assert is_sent_to_room(api.post(door, headers=FORM))
    assert attendance(bank, booked) == (True, False)


def test_press_on_our_own_page_needs_no_second_one(api, bank, booked, door):
    assert is_sent_to_room(api.get(door, headers=PRESS))
    assert attendance(bank, booked) == (True, False)


def test_other_sites_open_no_door(api, bank, booked, door):
    foreign = {"origin": "https://evil.example"}

    assert api.post(door, headers=foreign).status_code == 403
    assert attendance(bank, booked) == (False, False)


@pytest.mark.parametrize(
    ("now", "status", "words"),
    [
        (at(9, 40), 409, "too early to join"),
        (at(10, 30), 410, "This appointment is over."),
    ],
)
def test_closed_door_says_why_and_leads_back(api, door, clock, now, status, words):
    clock.now = now
    for answer in (api.get(door), api.get(door, headers=PRESS), api.post(door)):
        assert answer.status_code == status
        assert words in answer.text
        assert "<form" not in answer.text
        assert f'href="{door.removesuffix("/room")}"' in answer.text


def test_door_says_when_the_appointment_is_and_from_when_it_opens(api, door, clock):
    clock.now = at(9, 40)

    page = api.get(door, headers={"accept-language": "en-US"}).text

    assert "Monday, November 23" in page
    assert re.search(r"10:00\sAM to 10:30\sAM Chicago time", page)
    assert re.search(r"You can join from 9:50\sAM\.", page)
    clock.now = at(9, 50)
    assert "You can join from" not in api.get(door).text


def test_door_without_a_room_says_what_to_do(api, bank, door):
    bank.set(ROOM, "")

    answer = api.get(door)

    assert answer.status_code == 409
    assert "Your adviser sends you the link" in answer.text
    assert 'href="tel:+13125550142" class="whole">+13125550142</a>' in answer.text


def test_door_of_no_appointment_is_not_found(api, bank):
    assert bank
    answer = api.get("/a/Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6Zm9v/room")

    assert answer.status_code == 404
    assert "cannot find this appointment" in answer.text


def test_door_speaks_the_language_of_its_address(api, door, booked):
    page = api.get(f"/es{door}")

    assert '<html lang="es">' in page.text
    assert "Unirse a la videollamada" in page.text
    assert f'href="/es/a/{booked.token}"' in page.text
    assert "Join" not in page.text


def test_staff_enter_by_a_door_of_their_own(browser, bank, booked, staff_door):
    shown = browser.get(staff_door)
    assert (shown.status_code, "Rosa Delgado" in shown.text) == (200, True)
    assert attendance(bank, booked) == (False, False)

    assert is_sent_to_room(browser.post(staff_door, headers=FORM))
    assert is_sent_to_room(browser.get(staff_door, headers=PRESS))
    assert attendance(bank, booked) == (False, True)


def test_strangers_are_led_to_the_sign_in_page(api, bank, booked, staff_door):
    page = FORM | {"accept": "text/html"}
    for answer in (
        api.get(staff_door, headers=page),
        api.post(staff_door, headers=page),
    ):
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/sign-in")
    assert attendance(bank, booked) == (False, False)


def test_closed_staff_door_says_why_and_from_when_it_opens(browser, staff_door, clock):
    clock.now = at(9, 40)

    for answer in (browser.get(staff_door), browser.post(staff_door, headers=FORM)):
        assert (answer.status_code, "too early" in answer.text) == (409, True)
        assert "You can join from November 23, 2026, 9:50 CST." in answer.text


def test_programs_are_told_where_the_door_is_and_enter_by_joining(
    api, bank, booked, door
):
    link = f"/api/v1/appointments/{booked.token}"
    assert api.get(link).json()["join_url"].endswith(door)

    joined = api.post(f"{link}/join")

    assert joined.json()["url"].startswith("https://meet.bank.example/")
    assert joined.headers["cache-control"] == "no-store"
    assert attendance(bank, booked) == (True, False)


def test_programs_tell_of_being_late_and_take_it_back(api, deps, booked):
    link = f"/api/v1/appointments/{booked.token}/running-late"

    assert api.post(link).json()["is_running_late"] is True
    assert api.delete(link).json()["is_running_late"] is False
    assert not manage.read_visit(deps, booked.token).is_running_late
