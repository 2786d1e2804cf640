"""Of mails about no appointment, only the fact that they existed is kept."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text

from invo_booking.domain.access.roles import Role
from invo_booking.domain.errors import MailPermanentError, MailTemporaryError
from invo_booking.persistence.outbox import LINKS, NOTICE
from invo_booking.usecases.admin import inviting
from invo_booking.usecases.booking import booking, manage
from invo_booking.usecases.shared import notices
from invo_booking.usecases.upkeep import delivery, periodic
from invo_booking.usecases.upkeep.attention import Topic, most_urgent_attention
from tests.support.bank import PASSWORD, at
from tests.support.fakes import Postbox

CUSTOMER, FORMER = "rosa@example.com", "former@bank.example"
ECHO = "550 5.1.1 <{0}>: Recipient address rejected: {0} is unknown (in table, [{0}])"


class EchoingPostbox(Postbox):
    """Refuses every mail as Postfix does, with the address in its words."""

    error: type[MailPermanentError | MailTemporaryError] = MailPermanentError

    def send(self, message, server) -> None:
        assert server is None
        raise self.error(ECHO.format(message.to))


@pytest.fixture
def postbox(request):
    return request.param()


@pytest.fixture
def ada(bank):
    return bank.agent("Ada", roles=(Role.ADMINISTRATOR,), password=PASSWORD)


def outbox_rows(deps, *kinds) -> str:
    with deps.unit_of_work() as work:
        rows = work.session.connection().execute(
            text("SELECT outbox::text FROM outbox WHERE kind = ANY(:kinds)"),
            {"kinds": list(kinds)},
        )
        return "\n".join(rows.scalars())


@pytest.fixture
def mails(bank, deps, ada):
    """A mail with links to a customer, and two kinds of mails to staff."""
    assert ada
    booking.request_appointment(
        deps, bank.request(at(9), email=CUSTOMER), idempotency_key=uuid4().hex
    )
    manage.mail_links(deps, CUSTOMER)
    with deps.unit_of_work() as work:
        notices.add_notice(work, FORMER, "Subject", "The words", deps.now())
        notices.notify_administrators(work, "Subject", "The words", deps.now())


@pytest.mark.parametrize("postbox", [Postbox, EchoingPostbox], indirect=True)
@pytest.mark.usefixtures("mails")
def test_ended_mails_hold_no_address_and_no_words(deps, postbox):
    assert "The words" in outbox_rows(deps, NOTICE)

    delivery.deliver_due_mails(deps)

    kept = outbox_rows(deps, NOTICE, LINKS)
    assert kept.count("\n") == 2
    assert "open" not in kept
    for word in (CUSTOMER, FORMER, "ada@", "The words", "Subject", "sealed"):
        assert word not in kept
    if isinstance(postbox, EchoingPostbox):
        assert "Recipient address rejected" in kept


@pytest.mark.parametrize("postbox", [EchoingPostbox], indirect=True)
@pytest.mark.usefixtures("mails")
def test_words_of_a_mail_server_are_stored_without_addresses(deps, postbox):
    postbox.error = MailTemporaryError

    delivery.deliver_due_mails(deps)

    with deps.unit_of_work() as work:
        query = text("SELECT last_error FROM outbox WHERE last_error <> ''")
        errors = list(work.session.connection().execute(query).scalars())
    assert len(errors) >= 3
    assert not [it for it in errors if "@" in it]


@pytest.mark.parametrize("postbox", [Postbox], indirect=True)
@pytest.mark.usefixtures("mails")
def test_ended_mails_are_deleted_after_thirty_days(deps, clock, postbox):
    delivery.deliver_due_mails(deps)
    assert postbox.sent
    with deps.unit_of_work() as work:
        work.outbox.add(NOTICE, {}, now=clock.now)

    clock.advance(timedelta(days=29))
    periodic.seal_and_forget(deps)
    assert outbox_rows(deps, NOTICE, LINKS).count("\n") == 3
    clock.advance(timedelta(days=2))
    periodic.seal_and_forget(deps)

    (waiting,) = outbox_rows(deps, NOTICE, LINKS).splitlines()
    assert "open" in waiting


@pytest.mark.parametrize("postbox", [EchoingPostbox], indirect=True)
@pytest.mark.parametrize("error", [MailPermanentError, MailTemporaryError])
def test_invitation_that_is_not_delivered_is_said_on_the_persons_page(
    bank, deps, ada, postbox, error
):
    postbox.error = error
    person = bank.agent("Otto")
    inviting.send_password_link(deps, replace(ada, gave_password=True), person.id)
    delivery.deliver_due_mails(deps)

    with deps.unit_of_work() as work:
        access = inviting.sign_in_access(deps, work, person.id)
    assert "Recipient address rejected" in access.mail_problem
    assert "@" not in access.mail_problem


@pytest.mark.usefixtures("postbox")
@pytest.mark.parametrize("postbox", [EchoingPostbox], indirect=True)
def test_administrators_see_that_an_alarm_reached_one_of_them_not(deps, ada, clock):
    with deps.unit_of_work() as work:
        notices.notify_administrators(work, "Alarm", "The words", clock.now)
    assert most_urgent_attention(deps, ada) is None

    delivery.deliver_due_mails(deps)
    attention = most_urgent_attention(deps, ada)
    assert attention is not None
    assert attention.topic is Topic.NOTICES

    with deps.unit_of_work() as work:
        notices.notify_administrators(work, "Next", "The words", clock.now)
    delivery.deliver_due_mails(replace(deps, mailer=Postbox()))
    assert most_urgent_attention(deps, ada) is None
