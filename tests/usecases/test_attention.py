"""What administrators should not overlook."""

from uuid import uuid4

import pytest

from invo_booking.domain.calendars.connection import Connection, ConnectionState
from invo_booking.domain.errors import MailPermanentError, MailServerError
from invo_booking.usecases.appointment.last_mailed import UNDO
from invo_booking.usecases.staff import appointments, calendar, sending_again
from invo_booking.usecases.upkeep import delivery
from invo_booking.usecases.upkeep.attention import Topic, most_urgent_attention
from tests.support.bank import at
from tests.usecases.test_appointments import draft


@pytest.fixture
def connect(deps):
    def connect(state: ConnectionState) -> None:
        with deps.unit_of_work() as work:
            connection = Connection(
                id=uuid4(),
                provider="outlook",
                state=state,
                account="scheduling@bank.example",
                connected_at=deps.now(),
            )
            work.connections.add(connection)

    return connect


def test_nothing_needs_anybody_without_a_connection(deps, grace):
    assert most_urgent_attention(deps, grace) is None


@pytest.mark.parametrize("state", list(ConnectionState))
def test_administrators_are_told_of_what_does_not_pass_by_itself(
    deps, grace, connect, state
):
    connect(state)

    needed = state in {ConnectionState.RECONNECT, ConnectionState.PERMISSION}
    found = most_urgent_attention(deps, grace)
    assert (found.sentence if found else "") == (
        "Outlook 365 needs attention" if needed else ""
    )


def test_others_are_not_bothered(deps, bank, connect):
    connect(ConnectionState.RECONNECT)

    assert most_urgent_attention(deps, bank.agent("Ana")) is None


@pytest.fixture
def refused(bank, deps, postbox):
    """An appointment whose customer's mailbox does not exist."""
    max_, ana = bank.manager("Max", languages=()), bank.agent("Ana")
    made = appointments.create_appointment(
        deps, max_, draft(bank, at(10, days=1), agent_id=ana.id)
    )
    postbox.refusal = MailPermanentError("550 no such mailbox")
    delivery.deliver_due_mails(deps)
    postbox.refusal = None
    return made


def undelivered(deps, actor):
    return [it.id for it in calendar.own_dashboard(deps, actor).undelivered]


def test_mail_that_was_given_up_is_listed_until_it_is_sent_again(
    bank, deps, grace, refused
):
    max_ = bank.manager("Maria", languages=())
    assert undelivered(deps, max_) == undelivered(deps, grace) == [refused.id]
    assert undelivered(deps, bank.agent("Ben")) == []
    found = most_urgent_attention(deps, grace)
    assert found.topic is Topic.UNDELIVERED
    assert found.sentence == "1 customer did not get the mail about an appointment"

    sending_again.send_confirmation(deps, max_, refused.id, key="k" * 20)
    delivery.deliver_due_mails(deps)

    assert undelivered(deps, max_) == []
    assert most_urgent_attention(deps, grace) is None


def test_mail_that_was_given_up_is_not_listed_once_the_appointment_is_over(
    bank, deps, clock, refused
):
    max_ = bank.manager("Maria", languages=())
    assert undelivered(deps, max_) == [refused.id]

    clock.now = at(11, days=1)

    assert undelivered(deps, max_) == []


def test_mail_server_that_refuses_is_named_to_administrators(
    bank, deps, grace, postbox, clock
):
    max_, ana = bank.manager("Max", languages=()), bank.agent("Ana")
    appointments.create_appointment(
        deps, max_, draft(bank, at(10, days=1), agent_id=ana.id)
    )
    postbox.refusal = MailServerError("535 authentication failed")
    for _ in range(3):
        clock.advance(UNDO * 20)
        delivery.deliver_due_mails(deps)

    found = most_urgent_attention(deps, grace)
    assert found is not None
    assert found.topic is Topic.MAIL
    assert "mail server" in found.sentence
