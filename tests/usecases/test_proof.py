"""Confirming proves the mailbox: who may do what before, and what a stranger gets."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import event

from invo_booking.domain.appointment import Status
from invo_booking.domain.errors import (
    InvalidInputError,
    LimitReachedError,
    LinkExpiredError,
    NotFoundError,
    ProofNeededError,
    TooManyRequestsError,
)
from invo_booking.settings import general
from invo_booking.usecases.appointment.drafts import AppointmentChange
from invo_booking.usecases.booking import (
    booking,
    limit_resolution,
    manage,
    request_mail,
)
from invo_booking.usecases.staff import appointments
from invo_booking.usecases.upkeep import delivery, periodic
from tests.concurrency.racing import race, refusals, winners
from tests.support.bank import at, confirm, proof_of

TYPED = ("Your account is locked", "call 0900", "+13125550143", "312")


@pytest.fixture
def ana(bank):
    for name in ("Ben", "Cleo", "Dan"):
        bank.agent(name)
    return bank.agent("Ana")


@pytest.fixture
def booked(bank, ana):
    assert ana
    return book(bank, at(10))


def book(bank, starts_at, **more):
    return booking.request_appointment(
        bank.deps, bank.request(starts_at, **more), idempotency_key=uuid4().hex
    )


def mails(bank, postbox):
    """Send what is due and return what was sent since the last time."""
    before = len(postbox.sent)
    delivery.deliver_due_mails(bank.deps)
    return postbox.sent[before:]


def secret_in(mail):
    return mail.text.split("/a/")[1][:32]


def test_what_the_requester_is_given_does_not_confirm(bank, booked):
    with pytest.raises(ProofNeededError):
        manage.confirm_by_link(bank.deps, booked.token)

    visit = manage.read_visit(bank.deps, booked.token)
    assert visit.appointment.status is Status.REQUESTED
    assert not visit.can_confirm


def test_link_of_the_mail_confirms_and_serves_from_then_on(bank, postbox, booked):
    (mail,) = mails(bank, postbox)
    secret = secret_in(mail)

    assert secret != booked.token
    assert booked.token not in mail.text
    assert manage.read_visit(bank.deps, secret).can_confirm
    assert (
        manage.confirm_by_link(bank.deps, secret).appointment.status is Status.CONFIRMED
    )
    moved = manage.reschedule_by_link(bank.deps, secret, at(11))
    assert manage.read_visit(bank.deps, booked.token).appointment == moved.appointment
    cancelled = manage.cancel_by_link(bank.deps, secret).appointment
    assert cancelled.status is Status.CANCELLED


def test_mails_after_the_proof_carry_the_link_of_the_appointment(bank, postbox, booked):
    mails(bank, postbox)
    confirm(bank.deps, booked.token)

    (mail,) = mails(bank, postbox)

    assert secret_in(mail) == booked.token
    assert "Hello Rosa Delgado," in mail.text
    assert mail.ics_method == "REQUEST"


def test_requester_may_move_and_cancel_what_is_held(bank, booked):
    moved = manage.reschedule_by_link(bank.deps, booked.token, at(11))
    cancelled = manage.cancel_by_link(bank.deps, booked.token)

    assert moved.appointment.starts_at == at(11)
    assert cancelled.appointment.status is Status.CANCELLED


def test_without_an_address_the_page_confirms(bank, ana):
    assert ana
    bank.set(general.CONTACT_REQUIREMENT, "phone")
    booked = book(bank, at(10), email="", phone="+13125550143")

    assert manage.read_visit(bank.deps, booked.token).can_confirm
    assert manage.confirm_by_link(bank.deps, booked.token).appointment.confirmed_at


@pytest.mark.parametrize("ending", ["requested", "moved", "cancelled", "expired"])
def test_nothing_that_was_typed_reaches_an_unproven_address(
    bank, postbox, clock, ana, ending
):
    assert ana
    booked = book(
        bank,
        at(10),
        name="Your account is locked call 0900",
        notes="Your account is locked",
        phone="+13125550143",
        channel="phone",
    )
    if ending == "moved":
        manage.reschedule_by_link(bank.deps, booked.token, at(11))
    if ending == "cancelled":
        manage.cancel_by_link(bank.deps, booked.token, "Your account is locked")
    manage.mail_links(bank.deps, "rosa@example.com")
    sent = mails(bank, postbox)
    if ending == "expired":
        clock.advance(timedelta(minutes=31))
        periodic.expire_unconfirmed(bank.deps)
        sent += mails(bank, postbox)

    assert len(sent) >= 2
    for mail in sent:
        everything = f"{mail.subject} {mail.text} {mail.html}".replace(
            "+13125550142", ""
        )
        assert not [typed for typed in TYPED if typed in everything]
        assert "Hello,\n" in mail.text
        assert mail.ics == ""


def test_mail_is_sent_again_and_confirms(bank, postbox, booked):
    mails(bank, postbox)

    request_mail.resend_request_mail(bank.deps, booked.token)

    (mail,) = mails(bank, postbox)
    assert manage.confirm_by_link(bank.deps, secret_in(mail)).appointment.confirmed_at
    with pytest.raises(LinkExpiredError):
        request_mail.resend_request_mail(bank.deps, booked.token)


def test_corrected_address_gets_the_mail_and_the_old_link_opens_nothing(
    bank, postbox, booked
):
    (first,) = mails(bank, postbox)

    request_mail.correct_address(bank.deps, booked.token, "Rosa.D@example.com")

    (second,) = mails(bank, postbox)
    assert (first.to, second.to) == ("rosa@example.com", "rosa.d@example.com")
    with pytest.raises(NotFoundError):
        manage.read_visit(bank.deps, secret_in(first))
    with pytest.raises(NotFoundError):
        manage.confirm_by_link(bank.deps, secret_in(first))
    assert manage.confirm_by_link(bank.deps, secret_in(second)).appointment.confirmed_at


def test_mail_to_the_wrong_address_that_was_not_sent_yet_is_not_sent(
    bank, postbox, booked
):
    request_mail.correct_address(bank.deps, booked.token, "rosa.d@example.com")

    assert [mail.to for mail in mails(bank, postbox)] == ["rosa.d@example.com"]


def test_only_the_requester_corrects_the_address(bank, postbox, booked):
    (mail,) = mails(bank, postbox)
    assert secret_in(mail) != booked.token

    with pytest.raises(NotFoundError):
        request_mail.correct_address(bank.deps, secret_in(mail), "eve@example.com")


@pytest.mark.parametrize("typed", ["", "no address", "rosa@example.com"])
def test_address_that_helps_nobody_is_refused(bank, booked, typed):
    with pytest.raises(InvalidInputError):
        request_mail.correct_address(bank.deps, booked.token, typed)


def test_address_is_corrected_three_times_at_most(bank, booked):
    for number in range(3):
        request_mail.correct_address(bank.deps, booked.token, f"r{number}@example.com")

    with pytest.raises(TooManyRequestsError):
        request_mail.correct_address(bank.deps, booked.token, "r3@example.com")


def test_corrected_address_counts_in_every_limit(bank, postbox, booked):
    for hour in (11, 12, 13):
        book(bank, at(hour), email="victim@example.com")

    with pytest.raises(TooManyRequestsError):
        request_mail.correct_address(bank.deps, booked.token, "victim@example.com")

    mails(bank, postbox)
    assert manage.confirm_by_link(bank.deps, proof_of(bank.deps, booked.token))


def test_address_above_a_limit_gets_the_mail_that_asks_to_make_room(
    bank, postbox, booked
):
    bank.set(general.MOST_PER_DAY, "1")
    known = book(bank, at(12), email="known@example.com")
    confirm(bank.deps, known.token)
    mails(bank, postbox)

    request_mail.correct_address(bank.deps, booked.token, "known@example.com")

    (mail,) = mails(bank, postbox)
    assert mail.subject.startswith("One more step")
    prompt = limit_resolution.read_limit_prompt(bank.deps, secret_in(mail))
    assert [it.id for it in prompt.earlier] == [known.appointment.id]


def test_moving_a_request_tells_nothing_of_other_appointments(bank, postbox, booked):
    bank.set(general.MOST_PER_DAY, "1")
    confirm(bank.deps, booked.token)
    other = book(bank, at(10, days=1))
    mails(bank, postbox)

    moved = manage.reschedule_by_link(bank.deps, other.token, at(12))

    assert not moved.over_limit
    (mail,) = mails(bank, postbox)
    assert mail.subject.startswith("One more step")
    with pytest.raises(LimitReachedError):
        confirm(bank.deps, other.token)


def test_phone_number_tells_no_count(bank, ana):
    assert ana
    bank.set(general.CONTACT_REQUIREMENT, "phone")
    bank.set(general.MOST_IN_TOTAL, "1")
    who = {"email": "", "phone": "+13125550143"}
    manage.confirm_by_link(bank.deps, book(bank, at(10), **who).token)

    with pytest.raises(LimitReachedError) as refused:
        book(bank, at(12), **who)

    assert not [c for c in str(refused.value) if c.isdigit()]


def test_three_unproven_requests_of_a_phone_wait_whether_confirmed_or_not(bank, ana):
    assert ana
    bank.set(general.CONTACT_REQUIREMENT, "phone")
    bank.set(general.MOST_PER_DAY, "0")
    who = {"email": "", "phone": "+13125550143"}
    for hour in (10, 11, 12):
        manage.confirm_by_link(bank.deps, book(bank, at(hour), **who).token)

    with pytest.raises(TooManyRequestsError):
        book(bank, at(13), **who)


@pytest.mark.parametrize(
    ("then", "most"), [("cancel", 3), ("confirm and cancel", 5), ("purge", 5)]
)
def test_requests_of_a_day_count_whatever_became_of_them(
    bank, postbox, ana, then, most
):
    assert ana
    for number in range(most):
        token = book(bank, at(10), email=f"rosa+{number}@example.com").token
        if then == "confirm and cancel":
            confirm(bank.deps, token)
        if then == "purge":
            _delete_appointments(bank)
        else:
            manage.cancel_by_link(bank.deps, token)

    with pytest.raises(TooManyRequestsError) as refused:
        book(bank, at(10))

    assert refused.value.retry_at == at(8) + timedelta(days=1)
    unproven = [mail for mail in mails(bank, postbox) if "Hello,\n" in mail.text]
    assert len(unproven) <= 5


def test_address_may_be_used_again_a_day_later(bank, clock, ana):
    assert ana
    for _ in range(5):
        confirm(bank.deps, token := book(bank, at(10)).token)
        manage.cancel_by_link(bank.deps, token)

    clock.advance(timedelta(days=1))
    periodic.seal_and_forget(bank.deps)

    assert book(bank, at(10, days=1))


def test_stranger_gets_five_mails_a_day_at_most(bank, postbox, clock, ana):
    assert ana
    made = [
        book(bank, at(hour), email=f"victim+{hour}@example.com").token
        for hour in (10, 11)
    ]
    manage.reschedule_by_link(bank.deps, made[0], at(10, 30))
    request_mail.resend_request_mail(bank.deps, made[0])
    request_mail.resend_request_mail(bank.deps, made[1])
    manage.reschedule_by_link(bank.deps, made[1], at(11, 30))
    manage.cancel_by_link(bank.deps, made[0])
    with pytest.raises(TooManyRequestsError):
        request_mail.resend_request_mail(bank.deps, made[1])
    with pytest.raises(TooManyRequestsError):
        book(bank, at(14), email="victim@example.com")
    assert len(mails(bank, postbox)) == 5
    clock.advance(timedelta(hours=2))
    periodic.expire_unconfirmed(bank.deps)

    assert mails(bank, postbox) == []


def test_links_are_asked_for_three_times_a_day_at_most(bank, postbox, booked):
    assert booked
    mails(bank, postbox)
    for _ in range(3):
        manage.mail_links(bank.deps, "rosa@example.com")
        manage.mail_links(bank.deps, "nobody@example.com")

    for address in ("rosa@example.com", "rosa+x@example.com", "nobody@example.com"):
        with pytest.raises(TooManyRequestsError):
            manage.mail_links(bank.deps, address)

    assert [mail.to for mail in mails(bank, postbox)] == ["rosa@example.com"] * 3


def test_asking_for_links_does_the_same_work_for_customers_and_strangers(bank, booked):
    assert booked

    work = [_statements(bank, f"{who}@example.com") for who in ("rosa", "nobody")]

    assert work[0] == work[1]


def test_ten_requests_at_the_same_moment_do_not_pass_the_limit(bank, postbox, ana):
    assert ana
    bank.set(general.MOST_PER_DAY, "0")
    starts = [at(10, days=day) for day in (0, 1, 2, 3, 4, 7, 8, 9, 10, 11)]

    outcomes = race(*[lambda start=start: book(bank, start) for start in starts])

    assert len(winners(outcomes)) == 3
    assert refusals(outcomes) == {TooManyRequestsError}
    assert len(mails(bank, postbox)) == 3


def test_staff_who_correct_the_address_of_a_request_have_it_confirmed_anew(
    bank, postbox, booked
):
    max_ = bank.manager()
    (first,) = mails(bank, postbox)

    change = AppointmentChange(email="rosa.d@example.com")
    appointments.change_appointment(bank.deps, max_, booked.appointment.id, change)

    (second,) = mails(bank, postbox)
    assert second.to == "rosa.d@example.com"
    with pytest.raises(NotFoundError):
        manage.confirm_by_link(bank.deps, secret_in(first))
    assert manage.confirm_by_link(bank.deps, secret_in(second)).appointment.confirmed_at


def _delete_appointments(bank):
    with bank.deps.unit_of_work() as work:
        work.session.connection().exec_driver_sql("DELETE FROM appointment")


def _statements(bank, email):
    """Return the statements that asking for links runs."""
    seen = []
    with bank.deps.unit_of_work() as work:
        engine = work.session.get_bind()

    def note(_connection, _cursor, statement, *_):
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    manage.mail_links(bank.deps, email)
    event.remove(engine, "before_cursor_execute", note)
    return seen
