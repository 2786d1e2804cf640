"""How long messages stay that belong to no appointment."""

from datetime import timedelta

from sqlalchemy import text

from invo_booking.domain.access.roles import Role
from invo_booking.persistence.outbox import NOTICE, REMOVAL
from invo_booking.usecases.booking import booking
from invo_booking.usecases.shared import notices
from invo_booking.usecases.upkeep import delivery, periodic
from tests.support.bank import at

DAY = timedelta(days=1)


def stored_kinds(deps):
    with deps.unit_of_work() as work:
        statement = text("SELECT kind FROM outbox ORDER BY id")
        return work.session.connection().scalars(statement).all()


def notify(bank):
    with bank.deps.unit_of_work() as work:
        notices.notify_administrators(work, "A queue fills up", "Look.", bank.clock())


def test_mail_to_staff_is_deleted_thirty_days_after_it_was_sent(bank, clock, postbox):
    bank.agent("Ada", roles=(Role.ADMINISTRATOR,), languages=())
    notify(bank)
    delivery.deliver_due_mails(bank.deps)
    assert postbox.sent[0].subject == "A queue fills up"

    clock.advance(30 * DAY)
    periodic.seal_and_forget(bank.deps)
    assert stored_kinds(bank.deps) == [NOTICE]

    clock.advance(timedelta(seconds=1))
    periodic.seal_and_forget(bank.deps)
    assert stored_kinds(bank.deps) == []


def test_message_that_waits_or_belongs_to_an_appointment_stays(bank, clock):
    bank.agent()
    bank.agent("Ada", roles=(Role.ADMINISTRATOR,), languages=())
    request = bank.request(at(12))
    booking.request_appointment(bank.deps, request, idempotency_key="k" * 22)
    delivery.deliver_due_mails(bank.deps)
    notify(bank)
    with bank.deps.unit_of_work() as work:
        work.outbox.add(REMOVAL, {}, now=clock())

    clock.advance(60 * DAY)
    periodic.seal_and_forget(bank.deps)

    assert stored_kinds(bank.deps) == ["mail", NOTICE, REMOVAL]
