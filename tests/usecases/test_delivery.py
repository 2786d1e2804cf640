from datetime import timedelta
from uuid import uuid4

import pytest

from invo_booking.domain.access.roles import Role
from invo_booking.domain.appointment import Phase, Status
from invo_booking.domain.errors import MailPermanentError, MailTemporaryError
from invo_booking.settings import mailer, time
from invo_booking.usecases.booking import booking, joining, manage
from invo_booking.usecases.staff.detail import appointment_detail
from invo_booking.usecases.upkeep import delivery, health, periodic
from tests.support.bank import at, confirm, proof_of


@pytest.fixture
def booked(bank):
    bank.agent()
    return booking.request_appointment(
        bank.deps, bank.request(at(12)), idempotency_key=str(uuid4())
    )


def test_mail_server_that_is_down_delays_mail_and_loses_none(
    booked, deps, postbox, clock
):
    postbox.refusal = MailTemporaryError("connection refused")
    confirm(deps, booked.token)
    for _ in range(5):
        delivery.deliver_due_mails(deps)
        clock.advance(timedelta(minutes=2))
    postbox.refusal = None
    clock.advance(timedelta(hours=1))

    delivery.deliver_due_mails(deps)
    delivery.deliver_due_mails(deps)

    assert len(postbox.sent) == 1, "the request's mail is useless by now"
    assert postbox.sent[0].ics_method == "REQUEST"


def test_mails_of_one_appointment_keep_their_order(booked, deps, postbox, clock):
    postbox.refusal = MailTemporaryError("try later")
    delivery.deliver_due_mails(deps)
    confirm(deps, booked.token)
    postbox.refusal = None

    delivery.deliver_due_mails(deps)
    assert postbox.sent == [], "the second must not overtake the first"
    clock.advance(timedelta(minutes=1))
    delivery.deliver_due_mails(deps)

    assert [message.ics_method for message in postbox.sent] == ["", "REQUEST"]


def waits(deps):
    """Whether a mail waits to be sent."""
    with deps.unit_of_work() as work:
        query = "SELECT count(*) FROM outbox WHERE state = 'open'"
        return bool(work.session.connection().exec_driver_sql(query).scalar_one())


def test_waiting_doubles_up_to_an_hour_and_ends_after_five_days(
    booked, deps, postbox, clock
):
    confirm(deps, booked.token)
    delivery.deliver_due_mails(deps)
    manage.cancel_by_link(deps, booked.token)
    postbox.refusal = MailTemporaryError("try later")
    tries = 0
    while waits(deps):
        before = clock.now
        delivery.deliver_due_mails(deps)
        tries += 1
        clock.advance(timedelta(minutes=1 if tries < 6 else 60))
        assert clock.now - before <= timedelta(hours=1)

    figures = health.health_figures(deps)
    assert (figures["outbox_open"], figures["outbox_failed"]) == (0, 1)
    assert timedelta(days=5) <= clock.now - at(8) <= timedelta(days=5, hours=3)


def test_address_that_is_refused_for_good_is_shown_to_staff(
    booked, bank, deps, postbox
):
    manager = bank.agent("Max", roles=(Role.MANAGER,))
    postbox.refusal = MailPermanentError("550 no such mailbox")

    delivery.deliver_due_mails(deps)

    seen = appointment_detail(deps, manager, booked.appointment.id)
    assert seen.mail_trouble == "550 no such mailbox"
    assert health.health_figures(deps)["outbox_open"] == 0


def test_worker_that_dies_while_sending_leaves_the_promise_open(
    booked, deps, postbox, clock
):
    del booked
    postbox.refusal = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt):
        delivery.deliver_due_mails(deps)
    postbox.refusal = None
    assert delivery.deliver_due_mails(deps).sent == 0, "leased"

    clock.advance(delivery.LEASE)

    assert delivery.deliver_due_mails(deps).sent == 1


def test_mail_comes_from_the_institution(booked, bank, deps, postbox):
    del booked
    bank.set(mailer.SENDER_NAME, "Harbor Appointments")
    bank.set(mailer.REPLY_TO, "desk@bank.example")

    delivery.deliver_due_mails(deps)

    assert postbox.sent[0].sender_name == "Harbor Appointments"
    assert postbox.sent[0].reply_to == "desk@bank.example"


def test_reminder_goes_out_once_and_never_after_the_start(booked, deps, postbox, clock):
    confirm(deps, booked.token)
    delivery.deliver_due_mails(deps)
    assert periodic.add_due_reminders(deps) == 0
    clock.now = at(11)

    assert [periodic.add_due_reminders(deps) for _ in range(2)] == [1, 0]
    postbox.refusal = MailTemporaryError("try later")
    delivery.deliver_due_mails(deps)
    postbox.refusal = None
    clock.now = at(12)
    delivery.deliver_due_mails(deps)

    assert len(postbox.sent) == 2


def test_each_reminder_time_of_the_list_is_kept(booked, bank, deps, clock):
    confirm(deps, booked.token)
    bank.set(time.REMINDERS, "120, 30")
    sent = []
    for hour, minute in ((9, 59), (10, 0), (11, 29), (11, 30), (11, 59)):
        clock.now = at(hour, minute)
        sent.append(periodic.add_due_reminders(deps))

    assert sent == [0, 1, 0, 1, 0]


def test_links_are_mailed_only_where_there_are_appointments(booked, deps, postbox):
    delivery.deliver_due_mails(deps)

    manage.mail_links(deps, "nobody@example.com")
    manage.mail_links(deps, " ROSA@example.com ")
    delivery.deliver_due_mails(deps)

    assert len(postbox.sent) == 2
    assert f"/a/{proof_of(deps, booked.token)}" in postbox.sent[1].text


def test_appointments_that_are_over_are_closed_once(booked, deps, clock):
    confirm(deps, booked.token)
    clock.now = at(12, 30)

    assert [periodic.complete_past(deps) for _ in range(2)] == [1, 0]


@pytest.mark.parametrize(
    ("comes", "status"), [(True, Status.COMPLETED), (False, Status.ENDED)]
)
def test_who_never_came_is_not_completed(booked, deps, clock, comes, status):
    confirm(deps, booked.token)
    clock.now = at(12)
    if comes:
        joining.enter_room(deps, booked.token)
    clock.now = at(12, 30)
    before = manage.read_visit(deps, booked.token).phase
    periodic.complete_past(deps)

    after = manage.read_visit(deps, booked.token)
    assert after.appointment.status is status
    assert before is after.phase is Phase(status)
    with deps.unit_of_work() as work:
        last = work.audit.history(str(after.appointment.id))[-1]
        assert [it.id for it in work.appointments.between(after.appointment.period)]
    assert (last.actor, last.action) == ("system", status.value)


def test_health_names_a_silent_worker_without_calling_the_bank_closed(bank, clock):
    periodic.record_heartbeat(bank.deps, "worker")
    delivery.deliver_due_mails(bank.deps)
    assert all(check.ok for check in health.health_checks(bank.deps))

    clock.advance(timedelta(minutes=2))

    worker = next(c for c in health.health_checks(bank.deps) if c.name == "worker")
    assert not worker.ok
    assert not worker.needed
    assert "invo-booking worker" in worker.sentence
