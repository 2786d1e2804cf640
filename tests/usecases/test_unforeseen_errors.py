"""Messages that fail for a reason nobody foresaw are told to administrators."""

from datetime import timedelta

import pytest

from invo_booking.domain.access.roles import Role
from invo_booking.domain.errors import MailTemporaryError
from invo_booking.persistence.outbox import NOTICE
from invo_booking.usecases.calendars import push
from invo_booking.usecases.staff import appointments
from invo_booking.usecases.upkeep import delivery, health
from invo_booking.usecases.upkeep.attention import Topic, most_urgent_attention
from tests.support.bank import at
from tests.support.host_calendar import connected
from tests.support.host_fixtures import deps, host
from tests.usecases.test_appointments import draft

__all__ = ["deps", "host"]

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
SUBJECT = "Mails or calendar entries cannot be made"


@pytest.fixture
def ada(bank):
    return bank.agent("Ada", roles=(Role.ADMINISTRATOR,), languages=())


def alarms(deps, postbox) -> list[str]:
    """Deliver what is due; return the texts of the alarms."""
    delivery.deliver_due_mails(deps)
    return [it.text for it in postbox.sent if it.subject == SUBJECT]


def add_letter(deps, **letter) -> None:
    """Add a mail of which something is missing, so that it cannot be made."""
    with deps.unit_of_work() as work:
        work.outbox.add(NOTICE, {"to": "ana@bank.example"} | letter, now=deps.now())


def deliver_for(minutes, deps, clock) -> None:
    for _ in range(minutes):
        delivery.deliver_due_mails(deps)
        clock.advance(MINUTE)


def test_mail_that_can_never_be_made_is_told_once(deps, clock, ada, postbox):
    add_letter(deps)
    add_letter(deps)

    deliver_for(2, deps, clock)
    assert alarms(deps, postbox) == [], "it may be a passing matter"
    deliver_for(30, deps, clock)

    (told,) = alarms(deps, postbox)
    assert [it.to for it in postbox.sent] == [ada.email]
    assert "(KeyError)" in told
    assert "ana@bank.example" not in told
    found = most_urgent_attention(deps, ada)
    assert (found.topic, found.sentence) == (Topic.TASKS, SUBJECT)
    (check,) = (it for it in health.health_checks(deps) if it.name == "tasks")
    assert not check.ok
    assert "unforeseen error" in check.sentence


def test_matter_is_shown_until_it_is_over(deps, clock, ada, postbox):
    add_letter(deps)
    deliver_for(30, deps, clock)
    deliver_for(180, deps, clock)
    assert most_urgent_attention(deps, ada), "tried again once an hour only"
    assert len(alarms(deps, postbox)) == 1

    with deps.unit_of_work() as work:
        work.outbox.drop_open(NOTICE, clock())
    clock.advance(2 * HOUR)
    delivery.deliver_due_mails(deps)

    assert most_urgent_attention(deps, ada) is None
    assert all(it.ok for it in health.health_checks(deps) if it.name == "tasks")


def test_mails_that_a_server_refuses_are_another_matter(deps, clock, ada, postbox):
    postbox.refusal = MailTemporaryError("mailbox full")
    add_letter(deps, subject="s", text="t")
    deliver_for(30, deps, clock)
    postbox.refusal = None

    assert alarms(deps, postbox) == []
    assert most_urgent_attention(deps, ada) is None


def test_calendar_entry_that_can_never_be_made_is_told(
    deps, bank, clock, ada, host, postbox
):
    bank.agent("Ana")
    connected(bank)
    appointments.create_appointment(deps, bank.manager("Max"), draft(bank, at(9)))

    for _ in range(12):
        host.fail_once("create", KeyError("a text of Dana"))
        push.write_due_events(deps)
        clock.advance(MINUTE)

    (told,) = alarms(deps, postbox)
    assert "(KeyError)" in told
    assert "Dana" not in told
    assert most_urgent_attention(deps, ada).topic is Topic.TASKS
