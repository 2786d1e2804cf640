"""Update a connection's state after calls to the provider."""

from datetime import datetime, timedelta
from uuid import UUID

from invo_booking.domain.calendars.connection import (
    NEEDS_PERSON,
    Connection,
    ConnectionState,
)
from invo_booking.domain.calendars.provider_errors import (
    PermissionMissingError,
    ProviderError,
    ReconnectError,
    ThrottledError,
)
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.settings.calendars import CACHE_INTERVAL
from invo_booking.usecases.calendars import alerts
from invo_booking.usecases.shared.deps import Deps

TRIED_AGAIN_AFTER = timedelta(minutes=15)
"""Interval between readings while a person must repair the connection."""

DOWN_AGAIN_AFTER = timedelta(minutes=5)
"""Maximum interval between readings while the provider is down."""


def record_successful_run(deps: Deps, work: UnitOfWork, connection_id: UUID) -> None:
    """Record that all calendars were read, and schedule the next reading."""
    now = deps.now()
    before = work.connections.get_for_update(connection_id)
    work.connections.record_success(
        connection_id, now, now + work.settings[CACHE_INTERVAL]
    )
    _well_again(work, before)


def record_working(deps: Deps, work: UnitOfWork, connection_id: UUID) -> None:
    """Record that a call succeeded, so that the connection works again."""
    before = work.connections.get_for_update(connection_id)
    if before.state is not ConnectionState.CONNECTED and not before.is_paused(
        deps.now()
    ):
        work.connections.mark_working(connection_id, deps.now())
        _well_again(work, before)


def record_connection_failure(
    deps: Deps, work: UnitOfWork, connection_id: UUID, error: ProviderError
) -> ConnectionState:
    """Record that a call failed, and mail administrators if they must act.

    Returns:
        The new state of the connection.
    """
    now, state = deps.now(), state_of_error(error)
    before = work.connections.get_for_update(connection_id)
    if isinstance(error, ThrottledError):
        work.connections.pause(connection_id, now + error.wait)
    if before.state is ConnectionState.DISCONNECTED:  # only removals are left
        return before.state
    work.connections.record_failure(
        connection_id,
        state,
        str(error),
        now=now,
        next_run_at=_next_run(work, error, now),
    )
    alerts.alert_state_change(deps, work, before, state, str(error))
    if state is not before.state:
        work.notify({"connection": state.value})
    return state


def state_of_error(error: ProviderError) -> ConnectionState:
    """Return the state that a connection has after an error."""
    if isinstance(error, ReconnectError):
        return ConnectionState.RECONNECT
    if isinstance(error, PermissionMissingError):
        return ConnectionState.PERMISSION
    if isinstance(error, ThrottledError):
        return ConnectionState.THROTTLED
    return ConnectionState.DOWN


def _next_run(work: UnitOfWork, error: ProviderError, now: datetime) -> datetime:
    if state_of_error(error) in NEEDS_PERSON:
        return now + TRIED_AGAIN_AFTER
    if isinstance(error, ThrottledError):
        return now + error.wait
    return now + min(work.settings[CACHE_INTERVAL], DOWN_AGAIN_AFTER)


def _well_again(work: UnitOfWork, before: Connection) -> None:
    """Mark the connection as working again, so that the next failure causes a mail.

    If only the permission to write is missing, reading succeeds, and each write fails
    again. So a missing permission counts as granted only if no write is waiting.
    """
    if before.state is ConnectionState.CONNECTED:
        return
    is_writing_refused = work.outbox.count_open("calendar") > 0
    if before.state is not ConnectionState.PERMISSION or not is_writing_refused:
        work.connections.mark_reported(before.id, ConnectionState.CONNECTED)
    work.notify({"connection": ConnectionState.CONNECTED.value})
