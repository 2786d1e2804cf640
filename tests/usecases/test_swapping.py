"""A customer at the limit: what is held, who is asked, and what changes together."""

from datetime import timedelta
from uuid import uuid4

import pytest

from invo_booking.domain.appointment import Status
from invo_booking.domain.errors import (
    ConflictError,
    LimitReachedError,
    LinkExpiredError,
    NotFoundError,
    ProofNeededError,
    SlotTakenError,
    TooManyRequestsError,
)
from invo_booking.domain.interval import Interval
from invo_booking.settings import general
from invo_booking.usecases.booking import booking, limit_resolution, manage
from invo_booking.usecases.booking.limit_resolution import LimitStage
from invo_booking.usecases.shared import links
from invo_booking.usecases.upkeep import delivery, periodic
from tests.concurrency.racing import race, refusals, winners
from tests.support.bank import at, confirm, proof_of
from tests.support.invariants import check


def book(bank, starts_at, **more):
    return booking.request_appointment(
        bank.deps, bank.request(starts_at, **more), idempotency_key=uuid4().hex
    )


def confirmed(bank, starts_at, **more):
    booked = book(bank, starts_at, **more)
    confirm(bank.deps, booked.token)
    return booked.appointment.id


def hold(bank, starts_at, **more):
    return book(bank, starts_at, **more)


def proof(bank, booked):
    """The secret that only the mailed link has."""
    return links.mailed_token(bank.deps, booked.appointment, links.PROOF)


def is_over_limit(bank, booked):
    with bank.deps.unit_of_work() as work:
        return bool(work.links.owners([booked.appointment.id], links.PROOF))


def status(bank, appointment_id):
    with bank.deps.unit_of_work() as work:
        return work.appointments.get(appointment_id).status


def offered(bank):
    window = Interval(at(0), at(0, days=1))
    offer = booking.offer_slots(bank.deps, bank.answer_id, "en", window)
    return [slot.start for slot in offer.slots]


@pytest.fixture
def two(bank, ana):
    """Two appointments, which is as many as allowed."""
    assert ana
    bank.set(general.MOST_IN_TOTAL, "2")
    return confirmed(bank, at(9, 30)), confirmed(bank, at(10, days=1))


def test_slot_picked_above_the_limit_is_held_and_not_confirmed(bank, two):
    held = hold(bank, at(14))

    assert two
    assert is_over_limit(bank, held)
    assert at(14) not in offered(bank)
    with pytest.raises(ProofNeededError):
        manage.confirm_by_link(bank.deps, held.token)
    assert not manage.read_visit(bank.deps, held.token).over_limit


def test_link_that_confirms_does_not_pass_the_limit(bank, postbox, two):
    held = hold(bank, at(14))
    manage.mail_links(bank.deps, "rosa@example.com")
    delivery.deliver_due_mails(bank.deps)

    assert proof_of(bank.deps, held.token) in postbox.sent[-1].text
    with pytest.raises(LimitReachedError):
        confirm(bank.deps, held.token)
    assert manage.read_visit(bank.deps, proof_of(bank.deps, held.token)).over_limit
    assert two


def test_mail_has_the_only_link_to_the_earlier_appointments(bank, postbox, two):
    held = hold(bank, at(14))
    delivery.deliver_due_mails(bank.deps)

    (mail,) = (it for it in postbox.sent if it.subject.startswith("One more step"))

    assert two
    assert f"/a/{proof(bank, held)}/limit" in mail.text
    assert held.token not in mail.text
    assert not mail.ics


def test_link_of_the_status_page_does_not_show_the_earlier_appointments(bank, two):
    held = hold(bank, at(14))

    with pytest.raises(NotFoundError):
        limit_resolution.read_limit_prompt(bank.deps, held.token)
    with pytest.raises(NotFoundError):
        limit_resolution.swap_for_held(bank.deps, held.token, two[0])
    with pytest.raises(NotFoundError):
        manage.read_visit(bank.deps, proof(bank, held))


def test_owner_of_the_mailbox_sees_the_appointments_in_the_way(bank, two):
    held = hold(bank, at(14))

    prompt = limit_resolution.read_limit_prompt(bank.deps, proof(bank, held))

    assert prompt.stage is LimitStage.CHOOSE
    assert [it.id for it in prompt.earlier] == list(two)
    assert (prompt.allowed, prompt.count, prompt.per_day) == (2, 2, False)
    assert prompt.held.confirm_by == held.confirm_by


def test_one_press_cancels_the_earlier_one_and_confirms_the_held_one(
    bank, postbox, two
):
    held = hold(bank, at(14))

    prompt = limit_resolution.swap_for_held(bank.deps, proof(bank, held), two[0])
    delivery.deliver_due_mails(bank.deps)

    assert prompt.stage is LimitStage.BOOKED
    assert status(bank, two[0]) is Status.CANCELLED
    assert status(bank, two[1]) is Status.CONFIRMED
    assert status(bank, held.appointment.id) is Status.CONFIRMED
    assert [it.partition(":")[0] for it in postbox.subjects()[-2:]] == [
        "Cancelled",
        "Confirmed",
    ]


def test_pressing_twice_changes_nothing_more(bank, two):
    held = hold(bank, at(14))
    first = limit_resolution.swap_for_held(bank.deps, proof(bank, held), two[0])

    second = limit_resolution.swap_for_held(bank.deps, proof(bank, held), two[1])

    assert first.stage is second.stage is LimitStage.BOOKED
    assert status(bank, two[1]) is Status.CONFIRMED


def test_nothing_is_cancelled_once_the_time_is_not_held_any_more(bank, clock, two):
    held = hold(bank, at(14))
    clock.advance(timedelta(minutes=31))
    periodic.expire_unconfirmed(bank.deps)

    with pytest.raises(LinkExpiredError):
        limit_resolution.swap_for_held(bank.deps, proof(bank, held), two[0])

    assert status(bank, two[0]) is Status.CONFIRMED
    gone = limit_resolution.read_limit_prompt(bank.deps, proof(bank, held))
    assert gone.stage is LimitStage.GONE
    assert gone.earlier == ()


def test_keeping_all_gives_the_held_time_back(bank, two):
    held = hold(bank, at(14))

    prompt = limit_resolution.keep_earlier(bank.deps, proof(bank, held))
    again = limit_resolution.keep_earlier(bank.deps, proof(bank, held))

    assert prompt.stage is again.stage is LimitStage.KEPT
    assert at(14) in offered(bank)
    assert {status(bank, it) for it in two} == {Status.CONFIRMED}


def test_room_made_elsewhere_is_noticed(bank, two):
    held = hold(bank, at(14))
    with bank.deps.unit_of_work() as work:
        earlier = work.appointments.get(two[0])
    manage.cancel_by_link(bank.deps, links.token_of(bank.deps, earlier))

    prompt = limit_resolution.read_limit_prompt(bank.deps, proof(bank, held))
    done = limit_resolution.swap_for_held(bank.deps, proof(bank, held), None)

    assert prompt.stage is LimitStage.FREE
    assert done.stage is LimitStage.BOOKED
    assert status(bank, two[1]) is Status.CONFIRMED


def test_appointment_of_somebody_else_cannot_be_cancelled_here(bank, two):
    other = confirmed(bank, at(11), email="other@example.com")
    held = hold(bank, at(14))

    with pytest.raises(ConflictError):
        limit_resolution.swap_for_held(bank.deps, proof(bank, held), other)

    assert two
    assert status(bank, other) is Status.CONFIRMED
    assert status(bank, held.appointment.id) is Status.REQUESTED


def test_appointment_of_the_same_phone_and_another_address_is_not_shown(bank, ana):
    assert ana
    bank.set(general.MOST_IN_TOTAL, "1")
    phone = "+13125550143"
    confirmed(bank, at(11), email="spouse@example.com", phone=phone)

    held = hold(bank, at(14), phone=phone)

    prompt = limit_resolution.read_limit_prompt(bank.deps, proof(bank, held))
    assert (prompt.stage, prompt.count, prompt.earlier) == (LimitStage.CHOOSE, 1, ())


def test_only_appointments_of_that_day_are_in_the_way_of_the_limit_per_day(bank, ana):
    assert ana
    bank.set(general.MOST_PER_DAY, "1")
    same, _ = confirmed(bank, at(10)), confirmed(bank, at(10, days=1))
    held = hold(bank, at(14))

    prompt = limit_resolution.read_limit_prompt(bank.deps, proof(bank, held))

    assert [it.id for it in prompt.earlier] == [same]
    assert prompt.per_day


def test_second_time_is_not_held_while_one_is(bank, two):
    hold(bank, at(14))

    with pytest.raises(TooManyRequestsError):
        hold(bank, at(15))

    assert two
    assert at(15) in offered(bank)


def test_customer_at_the_limit_can_make_room_again_later(bank, two):
    held = hold(bank, at(14))
    limit_resolution.swap_for_held(bank.deps, proof(bank, held), two[0])

    again = hold(bank, at(15))

    assert (
        limit_resolution.read_limit_prompt(bank.deps, proof(bank, again)).stage
        is LimitStage.CHOOSE
    )


def test_without_an_address_nothing_can_be_proved_so_nothing_is_held(bank, ana):
    assert ana
    bank.set(general.CONTACT_REQUIREMENT, "phone")
    bank.set(general.MOST_IN_TOTAL, "1")
    who = {"email": "", "phone": "+13125550143"}
    confirmed(bank, at(10), **who)

    with pytest.raises(LimitReachedError):
        hold(bank, at(14), **who)

    assert at(14) in offered(bank)


def test_where_several_are_too_many_the_held_one_waits_for_the_last(bank, two):
    held = hold(bank, at(14))
    bank.set(general.MOST_IN_TOTAL, "1")

    first = limit_resolution.swap_for_held(bank.deps, proof(bank, held), two[0])
    second = limit_resolution.swap_for_held(bank.deps, proof(bank, held), two[1])

    assert (first.stage, second.stage) == (LimitStage.CHOOSE, LimitStage.BOOKED)


def test_request_within_the_limit_is_never_asked_to_make_room(bank, ana):
    assert ana
    bank.set(general.MOST_IN_TOTAL, "1")

    booked = hold(bank, at(14))
    bank.set(general.MOST_IN_TOTAL, "0")

    assert not is_over_limit(bank, booked)
    assert confirm(bank.deps, booked.token).appointment.confirmed_at


def test_retry_with_the_same_key_gets_the_same_hold(bank, two):
    wanted, key = bank.request(at(14)), uuid4().hex

    first = booking.request_appointment(bank.deps, wanted, idempotency_key=key)
    second = booking.request_appointment(bank.deps, wanted, idempotency_key=key)

    assert two
    assert first == second
    assert is_over_limit(bank, second)


def test_hold_counts_like_any_request_for_those_who_come_later(bank, two):
    hold(bank, at(14))

    with pytest.raises(SlotTakenError):
        book(bank, at(14), email="other@example.com")
    assert two


def test_swap_pressed_twice_at_once_cancels_one_appointment(bank, two, database_url):
    held = hold(bank, at(14))
    secret = proof(bank, held)

    outcomes = race(
        lambda: limit_resolution.swap_for_held(bank.deps, secret, two[0]),
        lambda: limit_resolution.swap_for_held(bank.deps, secret, two[1]),
    )

    assert any(it.stage is LimitStage.BOOKED for it in winners(outcomes))
    assert refusals(outcomes) <= {ConflictError}
    assert status(bank, held.appointment.id) is Status.CONFIRMED
    assert {status(bank, it) for it in two} == {Status.CONFIRMED, Status.CANCELLED}
    check(database_url)
