"""A released copy does what the operator was shown, and no more."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text

from invo_booking.domain.appointment import Status
from invo_booking.persistence.upkeep.identity import RESTORED_COPY
from invo_booking.settings import time
from invo_booking.settings.general import PURGE_OUTDATED
from invo_booking.usecases.booking import booking
from invo_booking.usecases.upkeep import copies, delivery, periodic, purge
from tests.support.bank import at, confirm
from tests.usecases.test_purge import keep, made


@pytest.fixture
def copy(bank, deps, clock, postbox):
    """A restored copy: a reminder, an expiry and a deletion became due since."""
    bank.agent("Ana")
    bank.set(time.REMINDERS, "1440")
    bank.set(PURGE_OUTDATED, "on")
    for hour, is_confirmed in ((14, True), (15, False)):
        wanted = bank.request(at(hour, days=1), email=f"{uuid4().hex}@example.com")
        booked = booking.request_appointment(deps, wanted, idempotency_key=uuid4().hex)
        if is_confirmed:
            confirm(deps, booked.token)
    keep(deps, made(bank, at(9), status=Status.COMPLETED))
    delivery.deliver_due_mails(deps)
    postbox.sent.clear()
    with deps.unit_of_work() as work:
        work.session.connection().execute(text(RESTORED_COPY.format(backup_at=at(9))))
    clock.now = at(1, days=1)
    return deps


def run_all(deps) -> None:
    periodic.expire_unconfirmed(deps)
    periodic.complete_past(deps)
    periodic.add_due_reminders(deps)
    purge.purge_outdated(deps)
    delivery.deliver_due_mails(deps)


def test_operator_is_shown_all_that_a_release_would_do(copy, postbox):
    held = copies.held_back(copy)

    assert held is not None
    shown = (held.mails, held.reminders, held.expiring, held.purging)
    assert shown == (0, 1, 1, 1)

    copies.release_copy(copy, drop_mails=False)
    run_all(copy)
    assert len(postbox.sent) == held.reminders + held.expiring


def test_without_mails_nothing_is_sent_that_became_due_before_the_release(
    copy, postbox, clock
):
    copies.release_copy(copy, drop_mails=True)
    run_all(copy)
    clock.advance(timedelta(minutes=5))
    run_all(copy)

    assert postbox.sent == []
    with copy.unit_of_work() as work:
        query = text("SELECT action FROM audit WHERE action IN ('expired', 'reminded')")
        actions = list(work.session.connection().execute(query).scalars())
    assert actions == ["expired"]
