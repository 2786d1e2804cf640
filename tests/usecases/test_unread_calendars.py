"""Calendars that cannot be read: who is told, where, and until when."""

import pytest

from invo_booking.domain.access.roles import Role
from invo_booking.domain.calendars.provider_errors import (
    PermissionMissingError,
    ProviderDownError,
)
from invo_booking.settings.calendars import COMPUTE_AVAILABILITY
from invo_booking.usecases.calendars import health, poll
from invo_booking.usecases.calendars.outside_agents import (
    own_calendar_problem,
    unread_agents,
)
from invo_booking.usecases.upkeep import delivery
from tests.support.plain_fixtures import deps, elsewhere
from tests.support.readings import known
from tests.usecases.test_sync import HOUR, MINUTE, UNKNOWN, connection

__all__ = ["connection", "deps", "elsewhere"]

ANA = "ana@bank.example"
NOT_SHARED = PermissionMissingError(
    "Ana does not share when she is busy.", provider_code="ErrorNoFreeBusyAccess"
)
DOWN = ProviderDownError("It cannot be read at the moment.", provider_code="ErrorX")


@pytest.fixture
def grace(bank):
    return bank.agent("Grace", roles=(Role.ADMINISTRATOR,), languages=())


@pytest.fixture
def ben(bank):
    """A second agent, whose calendar can always be read."""
    return bank.agent("Ben")


@pytest.fixture(autouse=True)
def _two_agents(ana, ben, connection):
    assert ana
    assert ben
    assert connection


def listed(bank):
    with bank.deps.unit_of_work() as work:
        return [
            (it.name, it.mailbox, it.code, it.sentence, it.since)
            for it in unread_agents(work)
        ]


def test_list_names_code_and_sentence_and_the_first_failure(bank, elsewhere, clock):
    elsewhere.problems[ANA] = NOT_SHARED
    began = clock()
    poll.poll_if_due(bank.deps)
    clock.advance(5 * MINUTE)
    poll.poll_if_due(bank.deps)

    expected = ("Ana", ANA, "ErrorNoFreeBusyAccess", str(NOT_SHARED), began)
    assert listed(bank) == [expected]

    del elsewhere.problems[ANA]
    clock.advance(5 * MINUTE)
    poll.poll_if_due(bank.deps)
    assert listed(bank) == []


def test_next_failure_counts_from_its_own_beginning(bank, elsewhere, clock):
    for problem in (DOWN, None, DOWN):
        clock.advance(5 * MINUTE)
        elsewhere.problems = {ANA: problem} if problem else {}
        poll.poll_if_due(bank.deps)

    [(*_, since)] = listed(bank)
    assert since == clock()


def test_mailbox_that_is_not_found_any_more_is_listed_while_it_is_believed_to_exist(
    bank, elsewhere, clock
):
    poll.poll_if_due(bank.deps)
    elsewhere.problems[ANA] = UNKNOWN
    clock.advance(5 * MINUTE)
    poll.poll_if_due(bank.deps)
    assert [name for name, *_ in listed(bank)] == ["Ana"]

    clock.advance(HOUR)
    poll.poll_if_due(bank.deps)
    assert listed(bank) == []
    assert not known(bank)[ANA].registered


def test_health_and_figures_tell_how_many_cannot_be_read(bank, elsewhere, clock):
    elsewhere.problems[ANA] = DOWN
    poll.poll_if_due(bank.deps)

    with bank.deps.unit_of_work() as work:
        trouble = health.connection_trouble(work, clock())
        figures = health.connection_figures(work, clock())
    assert trouble.startswith("Outlook 365: 1 agent cannot be read.")
    assert ANA not in trouble
    assert figures["calendar_agents_unread"] == 1
    assert figures["calendar_agents_unknown"] == 0


def test_administrators_are_mailed_once_after_an_hour_and_again_after_the_next_failure(
    bank, elsewhere, grace, postbox, clock
):
    def mails():
        delivery.deliver_due_mails(bank.deps)
        return [it for it in postbox.sent if "cannot be read" in it.subject]

    elsewhere.problems[ANA] = NOT_SHARED
    for _ in range(12):
        poll.poll_if_due(bank.deps)
        assert mails() == []
        clock.advance(5 * MINUTE)
    for _ in range(3):
        poll.poll_if_due(bank.deps)
        clock.advance(5 * MINUTE)

    [mail] = mails()
    assert mail.to == grace.email
    assert mail.subject == "Outlook 365: 1 agent cannot be read"
    assert f"Ana ({ANA}): {NOT_SHARED} (ErrorNoFreeBusyAccess)" in mail.text

    for problems in ({}, {ANA: DOWN}, {ANA: DOWN}):
        elsewhere.problems = problems
        clock.advance(HOUR)
        poll.poll_if_due(bank.deps)
    assert len(mails()) == 2


def test_agents_are_told_of_their_own_calendar_alone(bank, elsewhere, ana, ben):
    elsewhere.problems[ANA] = NOT_SHARED
    poll.poll_if_due(bank.deps)

    own = own_calendar_problem(bank.deps, ana)
    assert own
    assert own.sentence == str(NOT_SHARED)
    assert own_calendar_problem(bank.deps, ben) is None


def test_nobody_is_unread_while_busy_times_do_not_count(bank, elsewhere, ana):
    elsewhere.problems[ANA] = DOWN
    poll.poll_if_due(bank.deps)

    bank.set(COMPUTE_AVAILABILITY, "off")

    assert listed(bank) == []
    assert own_calendar_problem(bank.deps, ana) is None
