"""Describe the state of the connection in a sentence, and in figures for monitoring.

The sentences name no account, so that everybody may read them.
"""

from datetime import date, datetime, timedelta

from invo_booking.domain.calendars.connection import Connection, ConnectionState
from invo_booking.persistence.outbox import CALENDAR
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.settings.calendars import reads_busy_times_by_setting, reliance_period
from invo_booking.texts import say
from invo_booking.usecases.calendars.alerts import secret_end_date
from invo_booking.usecases.calendars.outside_agents import (
    unread_agents,
    unread_count_text,
)
from invo_booking.usecases.calendars.registration import provider_label
from invo_booking.usecases.calendars.removing import removal_problem

UNKNOWN = -1.0
"""Value of a figure that is not available, for example without a connection."""

_OF_CONNECTION = (
    "calendar_connected",
    "calendar_sync_age_seconds",
    "calendar_stale",
    "calendar_conflicts",
    "calendar_secret_days_left",
    "calendar_agents_unread",
    "calendar_agents_unknown",
)
_UNFINISHED = "connections.health.why_unfinished"
_TROUBLES = {
    ConnectionState.RECONNECT: "connections.health.why_credential",
    ConnectionState.PERMISSION: "connections.health.why_permission",
    ConnectionState.THROTTLED: "connections.health.why_limited",
    ConnectionState.DOWN: "connections.health.why_unreachable",
}


def connection_trouble(work: UnitOfWork, now: datetime) -> str:
    """Return what is wrong with the connection, in a sentence; empty if all is well.

    While stored busy times are recent enough, a rate limit of the provider is not
    reported.
    """
    connection = work.connections.active()
    if connection is None:
        return ""
    name = provider_label(connection.provider)
    if connection.needs_person:
        why = say(_TROUBLES[connection.state])
        return say("connections.health.needs_person", name=name, why=why)
    if _is_stale(work, connection, now):
        why = say(_TROUBLES.get(connection.state, _UNFINISHED))
        minutes = _age(connection, now) // timedelta(minutes=1)
        return say(
            "connections.health.behind",
            name=name,
            minutes=minutes,
            why=why,
        )
    if unread := len(unread_agents(work)):
        return say(
            "connections.health.unread_agents",
            name=name,
            unread_count=unread_count_text(unread),
        )
    return ""


def connection_figures(work: UnitOfWork, now: datetime) -> dict[str, float]:
    """Return figures for monitoring, by name; ``UNKNOWN`` without a connection."""
    connection = work.connections.active()
    waiting = {
        "calendar_writes_waiting": float(work.outbox.count_open(CALENDAR)),
        "calendar_removals_failed": float(removal_problem(work, now)[0]),
    }
    if connection is None:
        return dict.fromkeys(_OF_CONNECTION, UNKNOWN) | waiting
    ends = secret_end_date(work, connection.provider)
    of_connection = (
        float(connection.state is ConnectionState.CONNECTED),
        _age(connection, now).total_seconds(),
        float(_is_stale(work, connection, now)),
        float(work.host_events.count_to_decide(connection.id)),
        _days_left(work, ends, now),
        float(len(unread_agents(work))),
        float(len(work.busy.unregistered_calendars())),
    )
    return dict(zip(_OF_CONNECTION, of_connection, strict=True)) | waiting


def _is_stale(work: UnitOfWork, connection: Connection, now: datetime) -> bool:
    """Whether busy times are so old that the agents concerned are not offered."""
    if not reads_busy_times_by_setting(work.settings):
        return False
    return _age(connection, now) > reliance_period(work.settings)


def _age(connection: Connection, now: datetime) -> timedelta:
    return now - (connection.succeeded_at or connection.connected_at)


def _days_left(work: UnitOfWork, ends: date | None, now: datetime) -> float:
    if ends is None:
        return UNKNOWN
    today = now.astimezone(work.roster.institution.zone).date()
    return float(max((ends - today).days, 0))
