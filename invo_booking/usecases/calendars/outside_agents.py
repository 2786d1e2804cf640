"""Keep the set of agents whose outside calendars count up to date.

A mailbox the provider does not know any more is believed to be there for a while: an
address is not found while it is being moved, or renamed, as well. Until then what was
read stays, and counts until it is too old; after that nothing outside counts.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from invo_booking.domain.calendars.connection import Connection
from invo_booking.persistence.calendars.busy import AgentCalendar
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.settings.calendars import (
    PRIMARY_PROVIDER,
    reads_busy_times_by_setting,
)
from invo_booking.usecases.calendars.alerts import connection_page_address
from invo_booking.usecases.calendars.registration import provider_label
from invo_booking.usecases.shared import notices
from invo_booking.usecases.shared.deps import Deps

BELIEVED_FOR = timedelta(hours=1)
"""How long a mailbox that was read before is asked for in each run, and unknown."""

RETRY_AFTER = timedelta(days=1)
"""How long a mailbox the provider does not know is left alone."""

_TEXT = """\
{provider} knows no mailbox of these agents:

{agents}

Their own calendars do not count, so they are offered by their hours and appointments
here alone. Correct each address on the page People, or take the agent out of service.
The addresses are asked for again once a day, and by "Refresh now" here: {page}
"""


def primary_connection(work: UnitOfWork) -> Connection | None:
    """Return the connection if it is to the primary provider."""
    connection = work.connections.active()
    if connection is None or connection.provider != work.settings[PRIMARY_PROVIDER]:
        return None
    return connection


def has_host_calendar(work: UnitOfWork) -> bool:
    """Whether a calendar of the primary provider is chosen to host appointments."""
    connection = primary_connection(work)
    return connection is not None and connection.host is not None


def follow_agents(work: UnitOfWork, now: datetime) -> None:
    """Read the calendars of the current agents from now on. Idempotent.

    New agents, and agents with a new address, are unknown and so not free until the
    next reading, which becomes due. Call it under the roster's lock after a change of
    people, connection or settings, before appointments are changed.
    """
    connection = primary_connection(work)
    if connection is None or are_followed(work):
        return
    work.publish_roster_change()
    work.connections.schedule_run(connection.id, now)
    work.busy.follow(_mailboxes(work))


def are_followed(work: UnitOfWork) -> bool:
    """Whether ``follow_agents`` has nothing to do for the current connection."""
    return not reads_busy_times_by_setting(work.settings) or work.busy.follows(
        _mailboxes(work)
    )


def agents_to_ask(work: UnitOfWork, now: datetime) -> dict[str, UUID]:
    """Return the agents to ask for, by mailbox; who waits longest comes first."""
    return {
        it.mailbox: it.agent_id
        for it in work.busy.calendars()
        if it.registered or it.tried_at is None or it.tried_at + RETRY_AFTER <= now
    }


def note_unknown(
    work: UnitOfWork, known: AgentCalendar, problem: str, at: datetime
) -> None:
    """Note that the provider says it knows no such mailbox.

    Args:
        work: The transaction.
        known: The agent's calendar, locked.
        problem: What the provider says.
        at: When it was asked.
    """
    since = known.unknown_since or at
    if known.read_at is not None and at - since < BELIEVED_FOR:
        work.busy.record_failure(known.agent_id, problem, at, unknown_since=since)
    else:
        work.busy.record_unregistered(known.agent_id, problem, at)


def report_unknown(deps: Deps, work: UnitOfWork, connection: Connection) -> None:
    """Write to administrators about mailboxes nobody was written to about yet."""
    new = work.busy.take_unreported()
    if not new:
        return
    provider = provider_label(connection.provider)
    number = "1 agent" if len(new) == 1 else f"{len(new)} agents"
    text = _TEXT.format(
        provider=provider,
        agents="\n".join(unknown_agents(work, new)),
        page=connection_page_address(deps),
    )
    subject = f"{provider} knows no mailbox of {number}"
    notices.notify_administrators(work, subject, text, deps.now())


def unknown_agents(
    work: UnitOfWork, calendars: Sequence[AgentCalendar]
) -> tuple[str, ...]:
    """Return names and addresses of the agents there still are."""
    people = work.roster.people
    return tuple(
        f"{people[it.agent_id].name} ({it.mailbox})"
        for it in calendars
        if it.agent_id in people
    )


def _mailboxes(work: UnitOfWork) -> dict[UUID, str]:
    return {agent.id: agent.email for agent in work.roster.agents}
