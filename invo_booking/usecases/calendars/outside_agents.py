"""Keep the set of agents whose outside calendars count up to date."""

from datetime import datetime
from uuid import UUID

from invo_booking.domain.calendars.connection import Connection
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.settings.calendars import PRIMARY_PROVIDER, reads_busy_times


def primary_connection(work: UnitOfWork) -> Connection | None:
    """Return the connection if it is to the primary provider."""
    connection = work.connections.active()
    if connection is None or connection.provider != work.settings[PRIMARY_PROVIDER]:
        return None
    return connection


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
    return not reads_busy_times(work.settings) or work.busy.follows(_mailboxes(work))


def _mailboxes(work: UnitOfWork) -> dict[UUID, str]:
    return {agent.id: agent.email for agent in work.roster.agents}
