"""Whose outside calendars count: those of the agents there are, as long as any do."""

from datetime import datetime

from invo_booking.domain.connection import Connection
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.settings.calendars import PRIMARY_PROVIDER, reads_busy_times


def in_use(work: UnitOfWork) -> Connection | None:
    """Return the connection, if it is one to the provider the settings name."""
    connection = work.connections.active()
    if connection is None or connection.provider != work.settings[PRIMARY_PROVIDER]:
        return None
    return connection


def follow(work: UnitOfWork, now: datetime) -> None:
    """Ask for the calendars of today's agents from now on; safe to repeat.

    Whoever is new or has another address is unknown, and so not free, until the
    provider was asked, which is due at once. Call it once people, the connection or
    the settings have changed, before anything is done with appointments.
    """
    connection = in_use(work)
    if connection is None or not reads_busy_times(work.settings):
        return
    if work.busy.follow({agent.id: agent.email for agent in work.roster.agents}):
        work.roster_changed()
        work.connections.run_at(connection.id, now)
