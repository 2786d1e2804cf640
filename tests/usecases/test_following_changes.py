"""Everybody concerned hears of a change, and nothing of before is left behind."""

from datetime import timedelta
from uuid import uuid4

import pytest
from icalendar import Calendar

from invo_booking.domain.appointment import Channel, Status
from invo_booking.domain.errors import MailTemporaryError, NotFoundError
from invo_booking.settings import time
from invo_booking.usecases.appointment.drafts import AppointmentChange, AppointmentDraft
from invo_booking.usecases.appointment.last_mailed import UNDO
from invo_booking.usecases.booking import booking, joining, manage
from invo_booking.usecases.shared import links
from invo_booking.usecases.staff import appointments
from invo_booking.usecases.upkeep import delivery, periodic
from tests.support.bank import at, confirm

HALF_HOUR = timedelta(minutes=30)


@pytest.fixture
def ana(bank):
    return bank.agent("Ana", languages=("en", "es"))


@pytest.fixture
def max_(bank, ana):
    assert ana
    return bank.manager("Max", languages=())


def create(bank, by, **more):
    start = more.pop("starts_at", at(11))
    fields = {
        "answer_id": bank.answer_id,
        "queue_id": bank.queue_id,
        "language": "en",
        "channel": Channel.VIDEO,
        "starts_at": start,
        "ends_at": start + HALF_HOUR,
        "name": "Lucía Pérez",
        "email": "lucia@exmaple.com",
    }
    return appointments.create_appointment(
        bank.deps, by, AppointmentDraft(**(fields | more))
    )


def change(bank, by, appointment, **more):
    return appointments.change_appointment(
        bank.deps, by, appointment.id, AppointmentChange(**more)
    )


def mails(bank, postbox):
    """Deliver what is due once nothing can be undone; return what was sent since."""
    bank.clock.advance(UNDO)
    delivery.deliver_due_mails(bank.deps)
    sent, postbox.sent = postbox.sent, []
    return sent


def secret_in(message):
    return message.text.partition("/a/")[2].split()[0].partition("/")[0]


def event_in(message):
    (event,) = Calendar.from_ical(message.ics).walk("VEVENT")
    return event


def test_corrected_address_gets_the_whole_confirmation(bank, postbox, max_):
    made = create(bank, max_)
    mails(bank, postbox)

    change(bank, max_, made, email="lucia@example.com")

    new = next(it for it in mails(bank, postbox) if it.to == "lucia@example.com")
    assert new.subject.startswith("Confirmed")
    assert new.ics_method == "REQUEST"
    assert manage.read_visit(bank.deps, secret_in(new)).appointment.id == made.id


def test_former_address_loses_the_entry_and_reads_nothing_typed(bank, postbox, max_):
    made = create(bank, max_, answer_id=None, title="About Lucía's house", notes="gate")
    (first,) = mails(bank, postbox)

    change(bank, max_, made, email="lucia@example.com", name="Lucía Ortiz")

    sent = {message.to: message for message in mails(bank, postbox)}
    old, new = sent["lucia@exmaple.com"], sent["lucia@example.com"]
    assert old.ics_method == "CANCEL"
    assert event_in(old)["UID"] == event_in(first)["UID"]
    assert event_in(old)["SEQUENCE"] > event_in(first)["SEQUENCE"]
    assert event_in(new)["SEQUENCE"] == event_in(old)["SEQUENCE"]
    told = old.subject + old.text + old.html + old.ics
    for word in ("Lucía", "house", "gate", "lucia@example.com", secret_in(new)):
        assert word not in told
    assert "/a/" not in told


def test_former_address_reads_the_time_it_was_told_and_not_one_it_never_was(
    bank, postbox, max_
):
    made = create(bank, max_)
    assert len(mails(bank, postbox)) == 1
    moved = change(bank, max_, made, starts_at=at(15, days=1))  # its mail still waits

    change(bank, max_, moved, email="lucia@example.com")

    sent = {message.to: message for message in mails(bank, postbox)}
    old, new = sent["lucia@exmaple.com"], sent["lucia@example.com"]
    assert event_in(old)["DTSTART"].dt == made.starts_at
    assert event_in(new)["DTSTART"].dt == at(15, days=1)


def test_link_of_before_the_correction_opens_nothing(bank, postbox, max_):
    booked = booking.request_appointment(
        bank.deps,
        bank.request(at(11), email="stranger@example.com"),
        idempotency_key=str(uuid4()),
    )
    confirm(bank.deps, booked.token)
    mailed = [secret_in(message) for message in mails(bank, postbox)]

    change(bank, max_, booked.appointment, email="rosa@example.com")

    for link in (*mailed, booked.token):
        with pytest.raises(NotFoundError):
            manage.read_visit(bank.deps, link)
    new = next(it for it in mails(bank, postbox) if it.to == "rosa@example.com")
    assert secret_in(new) not in mailed
    assert manage.cancel_by_link(bank.deps, secret_in(new)).appointment.id


def test_later_mails_carry_the_link_of_after_the_correction(bank, postbox, max_):
    made = create(bank, max_)
    change(bank, max_, made, email="lucia@example.com")
    first, *_ = (it for it in mails(bank, postbox) if it.to == "lucia@example.com")

    change(bank, max_, made, starts_at=at(12))

    (later,) = mails(bank, postbox)
    assert secret_in(later) == secret_in(first)
    assert manage.read_visit(bank.deps, secret_in(later)).appointment.starts_at == at(
        12
    )


def test_correcting_back_gives_yet_another_link(bank, postbox, max_):
    made = create(bank, max_)
    (first,) = mails(bank, postbox)
    change(bank, max_, made, email="lucia@example.com")
    mails(bank, postbox)

    change(bank, max_, made, email="lucia@exmaple.com")

    back = next(it for it in mails(bank, postbox) if it.to == "lucia@exmaple.com")
    assert secret_in(back) != secret_in(first)
    with pytest.raises(NotFoundError):
        manage.read_visit(bank.deps, secret_in(first))


def test_address_added_and_time_moved_is_confirmed_without_a_time_before(
    bank, postbox, max_
):
    made = create(bank, max_, email="", phone="+13125550142")

    change(bank, max_, made, email="lucia@example.com", starts_at=at(12))

    (message,) = mails(bank, postbox)
    assert message.subject.startswith("Confirmed")
    assert message.ics_method == "REQUEST"
    assert "Before" not in message.text


def test_address_taken_away_is_told_once_and_is_no_more(bank, postbox, max_):
    made = create(bank, max_)
    mails(bank, postbox)

    change(bank, max_, made, email="")

    (message,) = mails(bank, postbox)
    assert (message.to, message.ics_method) == ("lucia@exmaple.com", "CANCEL")


def test_what_waited_for_the_wrong_address_is_sent_to_nobody(bank, postbox, max_):
    made = create(bank, max_)
    change(bank, max_, made, starts_at=at(12))

    change(bank, max_, made, email="lucia@example.com")

    sent = [it for it in mails(bank, postbox) if it.to == "lucia@example.com"]
    assert [message.subject.partition(":")[0] for message in sent] == ["Confirmed"]


def test_new_address_does_not_wait_for_the_former_one(bank, postbox, max_):
    made = create(bank, max_)
    mails(bank, postbox)
    change(bank, max_, made, email="lucia@example.com")
    take = postbox.send

    def send(message, server):
        if message.to == "lucia@exmaple.com":
            raise MailTemporaryError("No such host for now.")
        take(message, server)

    postbox.send = send
    change(bank, max_, made, starts_at=at(12))

    assert [it.subject.partition(":")[0] for it in mails(bank, postbox)] == [
        "Confirmed",
        "Changed",
    ]


def test_former_address_is_forgotten_once_it_was_told(bank, postbox, max_):
    made = create(bank, max_)
    mails(bank, postbox)
    change(bank, max_, made, email="lucia@example.com")
    mails(bank, postbox)

    with bank.deps.unit_of_work() as work:
        kept = work.session.connection().exec_driver_sql("SELECT payload FROM outbox")
        assert "exmaple" not in str(kept.all())


def test_staff_who_book_in_a_language_have_it_confirmed_in_it(bank, postbox, max_):
    create(bank, max_, language="es", email="lucia@example.com")

    (message,) = mails(bank, postbox)
    assert message.subject.startswith("Confirmad")
    assert 'lang="es"' in message.html


def test_changed_language_is_told_in_the_new_one(bank, postbox, max_):
    made = create(bank, max_)
    mails(bank, postbox)

    change(bank, max_, made, language="es")

    (message,) = mails(bank, postbox)
    assert message.subject.startswith("Modificada")
    assert 'lang="es"' in message.html


def test_language_and_habits_of_a_customer_are_kept_while_nobody_changes_them(
    bank, postbox, max_
):
    wanted = bank.request(at(11), language="es", locale="en-MX")
    booked = booking.request_appointment(
        bank.deps, wanted, idempotency_key=str(uuid4())
    )
    confirm(bank.deps, booked.token)
    change(bank, max_, booked.appointment, starts_at=at(12))

    assert all('lang="es"' in message.html for message in mails(bank, postbox))


def test_corrected_name_is_told(bank, postbox, max_):
    made = create(bank, max_)
    mails(bank, postbox)

    change(bank, max_, made, name="Lucía Ortiz")

    (message,) = mails(bank, postbox)
    assert message.subject.startswith("Changed")
    assert "Lucía Ortiz" in message.text


def test_notes_are_no_news(bank, postbox, max_):
    made = create(bank, max_)
    mails(bank, postbox)

    change(bank, max_, made, notes="Bring the plan")

    assert mails(bank, postbox) == []


def test_move_shortly_before_the_start_is_told_by_one_mail(bank, postbox, clock, ana):
    assert ana
    bank.set(time.REMINDERS, "60")
    booked = booking.request_appointment(
        bank.deps, bank.request(at(11, days=1)), idempotency_key=str(uuid4())
    )
    confirm(bank.deps, booked.token)
    mails(bank, postbox)
    bank.set(time.PUBLIC_WINDOW, "0")
    clock.now = at(9, 30, days=1)

    manage.reschedule_by_link(bank.deps, booked.token, at(10, days=1))
    periodic.add_due_reminders(bank.deps)
    clock.now = at(9, 31, days=1)
    periodic.add_due_reminders(bank.deps)

    sent = [message.subject.partition(":")[0] for message in mails(bank, postbox)]
    assert sent == ["Changed"]


def test_moved_appointment_is_begun_anew(bank, max_, clock):
    made = create(bank, max_)
    token = links.token_of(bank.deps, made)
    clock.now = at(10, 58)
    joining.enter_room(bank.deps, token)

    moved = change(bank, max_, made, starts_at=at(15))

    assert moved.joined_at is None


def test_deadline_follows_a_move_by_staff(bank, max_):
    booked = booking.request_appointment(
        bank.deps, bank.request(at(15)), idempotency_key=str(uuid4())
    )

    moved = change(bank, max_, booked.appointment, starts_at=at(9))

    assert moved.status is Status.REQUESTED
    assert moved.confirm_by <= at(9)


@pytest.mark.usefixtures("max_")
@pytest.mark.parametrize(
    ("chosen", "reader", "link"),
    [
        ("en", "es-MX", "/a/"),
        ("es", "en-US", "/es/a/"),
        ("es", "pl", "/es/a/"),
    ],
)
def test_customer_is_written_to_in_the_language_that_was_chosen(
    bank, postbox, chosen, reader, link
):
    wanted = bank.request(at(11), language=chosen, locale=reader)

    booked = booking.request_appointment(
        bank.deps, wanted, idempotency_key=str(uuid4())
    )

    (message,) = mails(bank, postbox)
    assert f'lang="{chosen}"' in message.html
    assert f"{bank.deps.config.public_url}{link}" in message.html
    assert booked.appointment.customer.locale.startswith(chosen)
