"""Whose outside calendars count: those of the agents there are, as long as any do."""

from datetime import datetime
from uuid import UUID

from invo_booking.domain.calendars.connection import Connection
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.settings.calendars import PRIMARY_PROVIDER, reads_busy_times


def primary_connection(work: UnitOfWork) -> Connection | None:
    """Return the connection, if it is one to the provider the settings name."""
    connection = work.connections.active()
    if connection is None or connection.provider != work.settings[PRIMARY_PROVIDER]:
        return None
    return connection


def follow_agents(work: UnitOfWork, now: datetime) -> None:
    """Ask for the calendars of today's agents from now on; safe to repeat.

    Whoever is new or has another address is unknown, and so not free, until the
    provider was asked, which is due at once. Call it under the lock of the roster once
    people, the connection or the settings have changed, before anything is done with
    appointments.
    """
    connection = primary_connection(work)
    if connection is None or are_followed(work):
        return
    work.publish_roster_change()
    work.connections.schedule_run(connection.id, now)
    work.busy.follow(_mailboxes(work))


def are_followed(work: UnitOfWork) -> bool:
    """Whether ``follow_agents`` has nothing to do, given that somebody is connected."""
    return not reads_busy_times(work.settings) or work.busy.follows(_mailboxes(work))


def _mailboxes(work: UnitOfWork) -> dict[UUID, str]:
    return {agent.id: agent.email for agent in work.roster.agents}
