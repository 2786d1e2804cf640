"""Mailboxes the provider says it does not know."""

import pytest

from invo_booking.domain.access.roles import Role
from invo_booking.domain.slots.reasons import ClosingRule
from invo_booking.usecases.calendars import connections, poll
from invo_booking.usecases.upkeep import delivery
from tests.support.bank import at
from tests.support.plain_fixtures import deps, elsewhere
from tests.support.readings import known, span, stored, why
from tests.usecases.test_sync import DAY, HOUR, MINUTE, UNKNOWN, connection

__all__ = ["connection", "deps", "elsewhere"]


@pytest.mark.usefixtures("connection")
def test_mailbox_that_is_not_known_is_asked_for_once_a_day(bank, elsewhere, clock):
    elsewhere.problems["ana@bank.example"] = UNKNOWN
    poll.poll_if_due(bank.deps)
    first = elsewhere.questions

    clock.advance(23 * HOUR)
    poll.poll_if_due(bank.deps)
    assert elsewhere.questions == first

    del elsewhere.problems["ana@bank.example"]
    clock.advance(HOUR)
    assert poll.poll_if_due(bank.deps).read == 1
    assert known(bank)["ana@bank.example"].registered


@pytest.mark.usefixtures("connection")
def test_mailbox_that_was_read_before_stays_known_for_an_hour(
    bank, elsewhere, ana, clock
):
    elsewhere.busy["ana@bank.example"] = [span(10, 12)]
    poll.poll_if_due(bank.deps)
    elsewhere.problems["ana@bank.example"] = UNKNOWN

    for _ in range(12):
        clock.advance(5 * MINUTE)
        asked = elsewhere.questions
        poll.poll_if_due(bank.deps)
        assert elsewhere.questions > asked
        assert known(bank)["ana@bank.example"].registered
        assert stored(bank, ana) == [span(10, 12)]
    assert ClosingRule.CALENDAR_UNKNOWN in why(bank, at(13))

    clock.advance(5 * MINUTE)
    poll.poll_if_due(bank.deps)
    assert not known(bank)["ana@bank.example"].registered
    assert stored(bank, ana) == []


@pytest.mark.usefixtures("connection")
def test_mailbox_that_is_found_again_has_another_hour(bank, elsewhere, ana, clock):
    elsewhere.busy["ana@bank.example"] = [span(10, 12)]
    poll.poll_if_due(bank.deps)
    for _ in range(3):
        elsewhere.problems["ana@bank.example"] = UNKNOWN
        clock.advance(40 * MINUTE)
        poll.poll_if_due(bank.deps)
        del elsewhere.problems["ana@bank.example"]
        clock.advance(5 * MINUTE)
        poll.poll_if_due(bank.deps)

    assert known(bank)["ana@bank.example"].registered
    assert stored(bank, ana) == [span(10, 12)]


@pytest.mark.usefixtures("connection")
def test_refresh_asks_for_mailboxes_that_are_not_known_too(bank, elsewhere, clock):
    elsewhere.problems["ana@bank.example"] = UNKNOWN
    poll.poll_if_due(bank.deps)
    del elsewhere.problems["ana@bank.example"]
    grace = bank.agent("Grace", roles=(Role.ADMINISTRATOR,), languages=())
    clock.advance(MINUTE)

    connections.make_poll_due(bank.deps, grace)
    poll.poll_if_due(bank.deps)

    assert known(bank)["ana@bank.example"].registered


@pytest.mark.usefixtures("connection")
def test_administrators_are_written_to_once_about_mailboxes_not_known(
    bank, elsewhere, postbox, clock
):
    bank.agent("Grace", roles=(Role.ADMINISTRATOR,), languages=())
    elsewhere.problems["ana@bank.example"] = UNKNOWN
    for _ in range(3):
        poll.poll_if_due(bank.deps)
        clock.advance(DAY)
        delivery.deliver_due_mails(bank.deps)

    [told] = [it for it in postbox.sent if "knows no mailbox" in it.subject]
    assert told.to == "grace@bank.example"
    assert told.subject == "Outlook 365 knows no mailbox of 1 agent"
    assert "Ana (ana@bank.example)" in told.text
