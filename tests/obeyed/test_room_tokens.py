"""Signed tokens as a room checks them: whose, for which room, and at which time."""

import pytest
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from invo_booking.domain.errors import NotFoundError, SlotClosedError
from invo_booking.usecases.appointment.drafts import AppointmentChange
from invo_booking.usecases.booking import joining
from invo_booking.usecases.staff.appointments import (
    assign_appointment,
    change_appointment,
)
from invo_booking.usecases.staff.joining import enter_room_as_staff
from tests.support.bank import at
from tests.usecases.test_appointments import requested

SIGNED = "https://meet.bank.example/{appointment}?jwt={token}"
SECRET = "a secret of the room's server, long"


@pytest.fixture
def max_(bank):
    return bank.manager("Max")


@pytest.fixture
def ana(bank):
    return bank.agent("Ana")


@pytest.fixture
def book(bank, ana, max_):
    def book_call(starts_at, email="rosa@example.com"):
        booked = requested(bank, starts_at, email=email)
        assign_appointment(bank.deps, max_, booked.appointment.id, ana.id)
        return booked

    return book_call


@pytest.fixture
def signed(decide):
    decide({"calls.room": SIGNED, "calls.token_secret": SECRET})


def claims_of(address):
    token = address.partition("jwt=")[2]
    return jwt.decode(token, OctKey.import_key(SECRET)).claims


def is_accepted(claims, now) -> bool:
    """Whether a room lets somebody in: RFC 7519, sections 4.1.4 and 4.1.5."""
    try:
        jwt.JWTClaimsRegistry(now=int(now.timestamp())).validate(claims)
    except JoseError:
        return False
    return True


@pytest.mark.usefixtures("signed")
def test_token_names_one_person_and_one_room(bank, ana, book, clock):
    morning, noon = book(at(10)), book(at(12), "eva@example.com")
    clock.now = at(9, 55)
    customer = claims_of(joining.enter_room(bank.deps, morning.token))
    agent = claims_of(enter_room_as_staff(bank.deps, ana, morning.appointment.id))
    clock.now = at(11, 55)
    other = claims_of(joining.enter_room(bank.deps, noon.token))

    assert customer["room"] == agent["room"] != other["room"]
    people = {it["context"]["user"]["id"] for it in (customer, agent, other)}
    assert len(people) == 3
    hosts = [it["moderator"] for it in (customer, agent, other)]
    assert hosts == [False, True, False]


@pytest.mark.usefixtures("signed")
@pytest.mark.parametrize(
    ("now", "is_good"),
    [
        (at(9, 49), False),
        (at(9, 50), True),
        (at(10, 29), True),
        (at(10, 31), False),
    ],
)
def test_token_is_good_from_when_the_call_can_be_joined_until_its_end(
    bank, book, clock, now, is_good
):
    booked = book(at(10))
    clock.now = at(9, 50)
    claims = claims_of(joining.enter_room(bank.deps, booked.token))

    assert is_accepted(claims, now) is is_good


@pytest.mark.usefixtures("signed")
def test_token_of_before_a_move_is_good_at_the_old_time_only(bank, max_, book, clock):
    booked = book(at(10))
    clock.now = at(9, 55)
    before = claims_of(joining.enter_room(bank.deps, booked.token))
    change = AppointmentChange(starts_at=at(14), ends_at=at(14, 30))
    change_appointment(bank.deps, max_, booked.appointment.id, change)
    clock.now = at(13, 55)

    after = claims_of(joining.enter_room(bank.deps, booked.token))

    assert not is_accepted(before, at(13, 55))
    assert is_accepted(after, at(13, 55))
    assert not is_accepted(after, at(9, 55))


@pytest.mark.usefixtures("signed")
def test_link_opens_the_room_of_its_own_appointment_only(bank, book, clock):
    book(at(10))
    noon = book(at(12), "eva@example.com")
    clock.now = at(9, 55)

    with pytest.raises(SlotClosedError):
        joining.enter_room(bank.deps, noon.token)
    with pytest.raises(NotFoundError):
        joining.enter_room(bank.deps, noon.token[::-1])
