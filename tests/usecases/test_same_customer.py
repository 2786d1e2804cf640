"""Nobody is in two appointments at once, and nobody learns so of a stranger."""

from datetime import timedelta
from uuid import uuid4

import pytest

from invo_booking.domain.appointment import Status
from invo_booking.domain.errors import CustomerBusyError, TooManyRequestsError
from invo_booking.settings import general
from invo_booking.usecases.appointment.drafts import AppointmentChange
from invo_booking.usecases.booking import booking, limit_resolution, manage
from invo_booking.usecases.booking.limit_resolution import LimitStage
from invo_booking.usecases.shared import links
from invo_booking.usecases.staff import appointments
from invo_booking.usecases.upkeep import delivery
from tests.concurrency.racing import meeting_before_writing, race, refusals, winners
from tests.support.bank import at, confirm, proof_of
from tests.support.drafts import staff_draft

TWICE = "twice@example.com"
HALF_HOUR = timedelta(minutes=30)


@pytest.fixture
def max_(bank):
    for name in ("Ana", "Ben", "Cleo"):
        bank.agent(name)
    bank.set(general.MOST_PER_DAY, "0")
    bank.set(general.MOST_IN_TOTAL, "0")
    return bank.manager("Max", languages=())


def create(bank, by, start, email=TWICE, **more):
    draft = staff_draft(bank, start, email=email, **more)
    return appointments.create_appointment(bank.deps, by, draft)


def request(bank, start, email=TWICE, **more):
    wanted = bank.request(start, email=email, **more)
    return booking.request_appointment(bank.deps, wanted, idempotency_key=str(uuid4()))


def subjects(bank, postbox):
    delivery.deliver_due_mails(bank.deps)
    sent, postbox.sent = postbox.sent, []
    return [message.subject.partition(":")[0] for message in sent]


def test_staff_do_not_book_one_customer_twice_at_a_time(bank, max_):
    create(bank, max_, at(11))

    for start in (at(11), at(11), at(11, 15)):
        with pytest.raises(CustomerBusyError, match="This customer already has"):
            create(bank, max_, start)

    assert create(bank, max_, at(11, 30)).status is Status.CONFIRMED
    assert create(bank, max_, at(11), "other@example.com")


def test_two_who_share_a_mailbox_are_booked_knowingly(bank, max_):
    create(bank, max_, at(11))

    assert create(bank, max_, at(11), despite_overlap=True)


def test_same_address_with_a_tag_is_the_same_customer(bank, max_):
    create(bank, max_, at(11))

    with pytest.raises(CustomerBusyError):
        create(bank, max_, at(11), "twice+bank@example.com")


def test_two_addresses_behind_one_phone_are_two_people(bank, max_):
    create(bank, max_, at(11), phone="+13125550142")

    assert create(bank, max_, at(11), "other@example.com", phone="+13125550142")


def test_staff_do_not_move_or_correct_one_customer_into_two(bank, max_):
    create(bank, max_, at(11))
    later = create(bank, max_, at(12))
    other = create(bank, max_, at(11), "other@example.com")

    for made, change in (
        (later, AppointmentChange(starts_at=at(11, 15))),
        (other, AppointmentChange(email=TWICE)),
    ):
        with pytest.raises(CustomerBusyError):
            appointments.change_appointment(bank.deps, max_, made.id, change)


def test_request_of_a_stranger_keeps_nobody_from_being_booked_by_staff(bank, max_):
    request(bank, at(11))

    assert create(bank, max_, at(11))


def test_second_request_for_a_minute_is_held_and_only_the_mail_says_why(
    bank, postbox, max_
):
    assert max_
    first = request(bank, at(11))
    second = request(bank, at(11))

    assert not manage.read_visit(bank.deps, second.token).over_limit
    assert subjects(bank, postbox) == ["Please confirm", "One more step"]
    with pytest.raises(TooManyRequestsError):
        request(bank, at(11))
    link = links.mailed_token(bank.deps, second.appointment, links.PROOF)
    prompt = limit_resolution.read_limit_prompt(bank.deps, link)
    assert (prompt.stage, prompt.is_overlap) == (LimitStage.CHOOSE, True)
    assert [one.id for one in prompt.earlier] == [first.appointment.id]

    done = limit_resolution.swap_for_held(bank.deps, link, first.appointment.id)

    assert done.stage is LimitStage.BOOKED
    earlier = manage.read_visit(bank.deps, first.token).appointment
    assert earlier.status is Status.CANCELLED


def test_overlapping_topics_are_the_same_time(bank, postbox, max_):
    assert max_
    longer = bank.topic("Business loan", 60)
    confirm(bank.deps, request(bank, at(11)).token)
    subjects(bank, postbox)

    request(bank, at(10, 30), answer_id=longer)

    assert subjects(bank, postbox) == ["One more step"]


def test_customer_does_not_move_one_onto_another(bank, max_):
    assert max_
    first, second = request(bank, at(11)), request(bank, at(13))
    confirm(bank.deps, first.token)
    confirm(bank.deps, second.token)

    with pytest.raises(CustomerBusyError, match="You already have"):
        manage.reschedule_by_link(bank.deps, second.token, at(11, 15))


def test_request_moved_onto_another_is_held_without_a_word(bank, postbox, max_):
    assert max_
    confirm(bank.deps, request(bank, at(11)).token)
    second = request(bank, at(13))
    subjects(bank, postbox)

    moved = manage.reschedule_by_link(bank.deps, second.token, at(11))

    assert not moved.over_limit
    assert subjects(bank, postbox) == ["One more step"]


def test_what_staff_booked_meanwhile_keeps_a_request_from_being_confirmed(bank, max_):
    waiting = request(bank, at(11))
    create(bank, max_, at(11))

    with pytest.raises(CustomerBusyError):
        confirm(bank.deps, waiting.token)


def test_confirming_and_booking_at_once_give_one_of_the_two(bank, max_):
    for hour in (9, 11, 13):
        link = proof_of(bank.deps, request(bank, at(hour)).token)

        outcomes = race(
            lambda link=link: manage.confirm_by_link(bank.deps, link),
            lambda hour=hour: create(bank, max_, at(hour)),
            lambda hour=hour: create(bank, max_, at(hour)),
        )

        assert len(winners(outcomes)) == 1
        assert refusals(outcomes) == {CustomerBusyError}


def test_without_the_lock_one_customer_is_in_two_places(bank, max_):
    with meeting_before_writing(bank.deps, 2, locks=False) as unsafe:
        outcomes = race(*[lambda: _create_with(unsafe, bank, max_)] * 2)

    assert len(winners(outcomes)) == 2


def _create_with(deps, bank, by):
    draft = staff_draft(bank, at(11), email=TWICE)
    return appointments.create_appointment(deps, by, draft)
