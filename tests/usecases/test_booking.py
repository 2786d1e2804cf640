from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from invo_booking.domain.appointment import Channel, Phase, Status
from invo_booking.domain.errors import (
    IdempotencyMismatchError,
    InvalidInputError,
    LinkExpiredError,
    NotFoundError,
    PublicSchedulingOffError,
    SlotClosedError,
    SlotTakenError,
    TooManyRequestsError,
)
from invo_booking.domain.interval import Interval
from invo_booking.settings import general, time
from invo_booking.usecases.admin import people
from invo_booking.usecases.booking import booking, joining, manage
from invo_booking.usecases.upkeep import delivery, periodic
from tests.support.bank import at, confirm


def book(bank, starts_at, key=None, **more):
    return booking.request_appointment(
        bank.deps, bank.request(starts_at, **more), idempotency_key=key or str(uuid4())
    )


def offered(bank, **more):
    window = Interval(at(0), at(0, days=1))
    language = more.get("language", "en")
    return [
        slot.start
        for slot in booking.offer_slots(
            bank.deps, bank.answer_id, language, window
        ).slots
    ]


def test_open_slots_begin_an_hour_from_now_and_end_with_the_working_day(bank):
    bank.agent()

    starts = offered(bank)

    assert starts[0] == at(9)
    assert starts[-1] == at(16, 30)


def test_request_holds_the_slot_at_once(bank):
    bank.agent()

    booked = book(bank, at(10))

    assert booked.appointment.status is Status.REQUESTED
    assert at(10) not in offered(bank)
    assert at(10, 30) in offered(bank)


def test_second_customer_is_told_and_offered_the_nearest_open_starts(bank):
    bank.agent()
    book(bank, at(10))

    with pytest.raises(SlotTakenError) as refused:
        book(bank, at(10), email="ben@example.com")

    assert [span.start for span in refused.value.nearest] == [
        at(9, 15),
        at(9, 30),
        at(10, 30),
    ]


def test_each_further_free_agent_makes_room_for_one_more(bank):
    bank.agent("Ana")
    bank.agent("Ben")
    book(bank, at(10), email="a@example.com")
    book(bank, at(10), email="b@example.com")

    with pytest.raises(SlotTakenError):
        book(bank, at(10), email="c@example.com")


def test_same_key_and_data_get_the_same_answer(bank):
    bank.agent()

    first, second = book(bank, at(10), "k" * 20), book(bank, at(10), "k" * 20)

    assert first == second


def test_same_key_with_other_data_is_refused(bank):
    bank.agent()
    book(bank, at(10), "k" * 20)

    with pytest.raises(IdempotencyMismatchError):
        book(bank, at(11), "k" * 20)


@pytest.mark.parametrize(
    ("start", "reason"),
    [
        (at(10, 7), "off_grid"),
        (at(8, 15), "disabled_window"),
        (at(7), "past"),
        (at(10, days=5), "weekend"),
        (at(10, days=70), "beyond_horizon"),
        (at(17), "outside_hours"),
        (at(16, 45), "outside_hours"),
    ],
)
def test_start_that_is_not_on_offer_is_refused_with_its_reason(bank, start, reason):
    bank.agent()

    with pytest.raises(SlotClosedError) as refused:
        book(bank, start)

    assert refused.value.reason == reason


def test_holiday_is_refused_by_its_name(bank):
    bank.agent()
    bank.holiday(at(10, days=3).date(), "Thanksgiving")

    with pytest.raises(SlotClosedError, match="Thanksgiving"):
        book(bank, at(10, days=3))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "Bob\r\nBcc: x@evil.example"),
        ("name", "\ud800"),
        ("name", "nul\x00"),
        ("email", "not an address"),
        ("email", ""),
        ("phone", "12"),
        ("notes", "n" * 1001),
    ],
)
def test_field_that_cannot_be_used_is_named_with_a_sentence(bank, field, value):
    bank.agent()

    with pytest.raises(InvalidInputError) as refused:
        book(bank, at(10), **{field: value})

    assert list(refused.value.fields) == [field]
    assert at(10) in offered(bank)


def test_unknown_topic_language_and_channel_are_refused(bank):
    bank.agent()

    for field, value in (
        ("answer_id", uuid4()),
        ("language", "pl"),
        ("channel", "branch"),
    ):
        with pytest.raises(InvalidInputError):
            book(bank, at(10), **{field: value})


def test_nothing_can_be_booked_while_public_scheduling_is_off(bank):
    bank.agent()
    bank.set(general.PUBLIC_SCHEDULING, "off")

    with pytest.raises(PublicSchedulingOffError):
        book(bank, at(10))


def test_slot_of_an_agent_who_was_disabled_meanwhile_is_refused(bank):
    agent = bank.agent()
    assert at(10) in offered(bank)

    people.disable_person(bank.deps, agent.email)

    with pytest.raises(SlotClosedError):
        book(bank, at(10))


def test_setting_changed_between_offer_and_submit_is_obeyed(bank):
    bank.agent()
    assert at(10) in offered(bank)

    bank.set(time.PUBLIC_WINDOW, "240")

    with pytest.raises(SlotClosedError) as refused:
        book(bank, at(10))
    assert refused.value.reason == "disabled_window"


def test_fourth_appointment_of_a_day_is_held_until_another_is_cancelled(bank):
    for name in ("Ana", "Ben", "Cleo", "Dan"):
        bank.agent(name)
    for hour in (10, 11, 12):
        confirm(bank.deps, book(bank, at(hour)).token)

    fourth = book(bank, at(13))

    with pytest.raises(NotFoundError):
        confirm(bank.deps, fourth.token)
    assert confirm(bank.deps, book(bank, at(13, days=1)).token)


def test_fourth_unconfirmed_request_of_an_address_is_refused(bank):
    bank.set(general.MOST_PER_DAY, "0")
    for name in ("Ana", "Ben", "Cleo", "Dan"):
        bank.agent(name)
    for hour in (10, 11, 12):
        book(bank, at(hour))

    with pytest.raises(TooManyRequestsError):
        book(bank, at(13))


def test_confirming_twice_changes_nothing_more(bank):
    bank.agent()
    token = book(bank, at(10)).token

    first = confirm(bank.deps, token)
    second = confirm(bank.deps, token)

    assert first.phase is Phase.UPCOMING
    assert second.appointment.version == first.appointment.version


def test_looking_at_the_link_changes_nothing(bank):
    bank.agent()
    booked = book(bank, at(10))

    seen = manage.read_visit(bank.deps, booked.token)

    assert seen.appointment == booked.appointment
    assert seen.phase is Phase.REQUESTED


@pytest.mark.parametrize("token", ["", "x", "a" * 32, "../" * 11, "\ud800" * 32])
def test_link_that_was_never_given_out_opens_nothing(bank, token):
    with pytest.raises(NotFoundError):
        manage.read_visit(bank.deps, token)


def test_unconfirmed_request_expires_and_frees_its_slot(bank, clock):
    bank.agent()
    token = book(bank, at(10)).token
    clock.advance(timedelta(minutes=31))

    with pytest.raises(LinkExpiredError):
        confirm(bank.deps, token)
    assert periodic.expire_unconfirmed(bank.deps) == 1

    assert manage.read_visit(bank.deps, token).phase is Phase.EXPIRED
    assert at(10) in offered(bank)


def test_expiring_twice_expires_once(bank, clock):
    bank.agent()
    book(bank, at(10))
    clock.advance(timedelta(minutes=31))

    assert [periodic.expire_unconfirmed(bank.deps) for _ in range(2)] == [1, 0]


def test_cancelled_slot_is_offered_again(bank):
    bank.agent()
    token = book(bank, at(10)).token

    cancelled = manage.cancel_by_link(bank.deps, token, "Found  another\nbank")

    assert cancelled.phase is Phase.CANCELLED
    assert cancelled.appointment.cancel_reason == "Found another bank"
    assert at(10) in offered(bank)


def test_customer_moves_an_appointment_to_another_open_start(bank):
    bank.agent()
    token = book(bank, at(10)).token
    confirm(bank.deps, token)

    moved = manage.reschedule_by_link(bank.deps, token, at(11))

    assert moved.appointment.starts_at == at(11)
    assert moved.appointment.sequence == 1
    assert at(10) in offered(bank)


def test_call_can_be_joined_from_ten_minutes_before(bank, clock):
    bank.agent()
    token = book(bank, at(10)).token
    confirm(bank.deps, token)

    clock.now = at(9, 49)
    with pytest.raises(SlotClosedError):
        joining.enter_room(bank.deps, token)
    clock.now = at(9, 50)

    assert manage.read_visit(bank.deps, token).phase is Phase.JOINABLE
    assert joining.enter_room(bank.deps, token)
    assert manage.read_visit(bank.deps, token).phase is Phase.IN_CALL


def test_missing_customer_is_late_after_the_waiting_time(bank, clock):
    bank.agent()
    token = book(bank, at(10)).token
    confirm(bank.deps, token)

    clock.now = at(10, 15)

    assert manage.read_visit(bank.deps, token).phase is Phase.LATE


def test_every_step_of_a_booking_is_mailed_in_order(bank, postbox):
    bank.agent()
    token = book(bank, at(10)).token
    confirm(bank.deps, token)
    manage.reschedule_by_link(bank.deps, token, at(11))
    manage.cancel_by_link(bank.deps, token)

    assert delivery.deliver_due_mails(bank.deps).sent == 4

    sent = postbox.sent
    assert [message.ics_method for message in sent] == [
        "",
        "REQUEST",
        "REQUEST",
        "CANCEL",
    ]
    assert [f"SEQUENCE:{n}" in sent[n + 1].ics for n in range(3)] == [True] * 3
    assert all(f"/a/{token}" in message.text for message in sent[:3])
    assert "/schedule?answer=" in sent[3].text
    assert len({message.message_id for message in sent}) == 4


def test_days_on_offer_are_those_of_the_institution(bank):
    bank.agent()
    window = Interval(
        datetime(2026, 11, 23, tzinfo=UTC), datetime(2026, 11, 28, tzinfo=UTC)
    )
    bank.holiday(at(10, days=3).date(), "Thanksgiving")

    offer = booking.offer_slots(bank.deps, bank.answer_id, "en", window)

    assert offer.closed_days == {at(10, days=3).date(): "Closed for Thanksgiving"}


def test_phone_call_needs_a_number_to_call(bank):
    bank.agent()

    with pytest.raises(InvalidInputError, match="phone number"):
        book(bank, at(10), channel=Channel.PHONE)
    assert book(bank, at(10), channel=Channel.PHONE, phone="312 555 0142")
