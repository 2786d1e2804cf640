"""Start, resume and end the connection to a provider, and apply changed settings."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from invo_booking.domain.access.roles import Actor
from invo_booking.domain.calendars.connection import Connection, ConnectionState
from invo_booking.domain.calendars.host_events import StoredEvent
from invo_booking.domain.calendars.outside import (
    OWN_HOST,
    Grant,
    HostCalendar,
    Permission,
)
from invo_booking.domain.errors import ConflictError, InvalidInputError
from invo_booking.domain.interval import Interval
from invo_booking.persistence.audit.entries import AuditEntry
from invo_booking.persistence.calendars.host_events import EVER
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.settings.calendars import (
    PRIMARY_PROVIDER,
    TWO_WAY,
    writes_events_by_setting,
)
from invo_booking.settings.spec import Setting
from invo_booking.texts import say
from invo_booking.usecases.calendars import outside_agents, removing
from invo_booking.usecases.calendars.granting import (
    open_grant,
    provider_named,
    seal_grant,
)
from invo_booking.usecases.calendars.registration import (
    FIELDS,
    SERVER_FIELDS,
    has_own_host,
    provider_label,
)
from invo_booking.usecases.shared.deps import Deps

KIND = "connection"
"""Object kind of a connection in the audit log."""


def start_connection(
    deps: Deps, work: UnitOfWork, actor: Actor, provider: str, grant: Grant
) -> Connection:
    """Connect the account of a grant, and make a reading of calendars due.

    Until this reading, the agents' calendars are unknown. If a connection in the same
    tenant exists or existed, that connection is resumed with its host calendar and its
    events, so that no event is written twice. If the resumed connection had ended, its
    events are compared with their appointments, because changes to events or
    appointments were not synchronized in the meantime. One case is different: the
    account's own calendar is the host calendar, and now a different account is
    connected. Then the events are removed from the previous account's calendar, with
    that account's grant, and written to the new account's calendar.

    Raises:
        ConflictError: If another provider or tenant is connected.
    """
    active = work.connections.active()
    if active and (active.provider, active.tenant) != (provider, grant.tenant):
        raise ConflictError(
            say(
                _ANOTHER,
                provider=provider_label(active.provider),
                account=active.account,
            )
        )
    own = _own_host(grant) if has_own_host(work.settings, provider) else None
    if active and own and not _is_host_of(active, own):
        leave_host(deps, work, active)
        active = None
    before = active or work.connections.latest(
        provider, grant.tenant, own_host=grant.account if own else ""
    )
    connection = _connection(deps, actor, provider, grant, before, own)
    if before is None:
        work.connections.add(connection)
    else:
        work.connections.resume(connection)
        work.removals.retry(connection.id, deps.now())
        if active is None:
            work.host_events.forget_contents(connection.id, deps.now())
    work.connections.mark_reported(connection.id, connection.state)
    record_connection_change(deps, work, actor, "connected", connection)
    outside_agents.follow_agents(work, deps.now())
    return work.connections.get(connection.id)


def leave_host(deps: Deps, work: UnitOfWork, connection: Connection) -> None:
    """End a connection and queue the removal of its events.

    The connection keeps its grant for the removals.
    """
    work.connections.end(connection.id, deps.now())
    removing.add_all_removals(work, connection.id, deps.now())
    work.host_events.replace_busy(connection.id, ())
    work.listed_events.forget(connection.id)


_ANOTHER = "connections.connecting.other_account"


def end_connection(
    deps: Deps, work: UnitOfWork, actor: Actor, connection: Connection
) -> None:
    """End a connection and delete all busy times. The connection keeps its grant."""
    work.connections.end(connection.id, deps.now())
    work.host_events.replace_busy(connection.id, ())
    work.listed_events.forget(connection.id)
    work.busy.forget()
    work.publish_roster_change()
    record_connection_change(deps, work, actor, "disconnected", connection)


def move_host(
    deps: Deps, work: UnitOfWork, connection: Connection, host: HostCalendar
) -> Connection:
    """Change the host calendar: end the connection and start another connection.

    Both connections have the same grant. The previous connection keeps the grant until
    its events are removed from the former host calendar.
    """
    planted = replace(connection, id=uuid4(), host=host, next_run_at=deps.now())
    grant = seal_grant(deps.config, planted.id, open_grant(deps.config, connection))
    leave_host(deps, work, connection)
    work.connections.add(replace(planted, sealed_grant=grant))
    return work.connections.get(planted.id)


def events_ahead(
    deps: Deps, work: UnitOfWork, connection: Connection
) -> list[StoredEvent]:
    """Return a connection's events in the host calendar that are not over."""
    return work.host_events.existing_events(
        connection.id, Interval(deps.now(), EVER.end)
    )


def connection_permissions(
    deps: Deps, provider: str, granted: frozenset[str], *, has_own_host: bool
) -> tuple[Permission, ...]:
    """Return the required permissions, granted or not, without calling the provider."""
    if provider in SERVER_FIELDS:
        return ()
    calendar = provider_named(deps, provider).open(
        _no_token, OWN_HOST if has_own_host else "", zone=ZoneInfo("UTC")
    )
    return tuple(calendar.permissions(granted))


def record_connection_change(
    deps: Deps, work: UnitOfWork, actor: Actor, action: str, what: Connection
) -> None:
    """Record an administrator's action on a connection, and notify open pages."""
    detail = {"provider": what.provider, "account": what.account}
    if what.host:
        detail["host"] = what.host.name
    work.audit.add(
        AuditEntry.by(actor, action, (KIND, str(what.id)), deps.now(), detail)
    )
    work.notify({KIND: action})


def refuse_switching(work: UnitOfWork, changed: Collection[Setting[Any]]) -> None:
    """Refuse to change the provider or the kind of host calendar like other settings.

    While a provider is connected, these settings can only be changed in the connection
    panel, which first shows the consequences.

    Raises:
        InvalidInputError: If one of these settings is changed while a provider is
            connected.
    """
    connection = work.connections.active()
    if connection is None:
        return
    label = provider_label(connection.provider)
    if PRIMARY_PROVIDER in changed:
        sentence = say("connections.connecting.use_switch", provider=label)
        raise InvalidInputError({PRIMARY_PROVIDER.key: sentence})
    fields = FIELDS.get(connection.provider)
    host = fields.host if fields else None
    if host is not None and host in changed:
        sentence = say("connections.connecting.other_host_kept", provider=label)
        raise InvalidInputError({host.key: sentence})


def apply_connection_settings(
    work: UnitOfWork, changed: Collection[Setting[Any]], now: datetime
) -> None:
    """Apply changed settings to the connection in use, if there is one.

    New credentials are tried at once. After a change of the client secret's expiry
    date, warnings are sent again. When writing to the host calendar is switched on, all
    events are compared with their appointments, because changes of appointments were
    not written while writing was off.
    """
    connection = work.connections.active()
    if connection is None:
        return
    registered = FIELDS.get(connection.provider)
    fields = registered or SERVER_FIELDS.get(connection.provider)
    if fields and not fields.credentials.isdisjoint(changed):
        work.connections.schedule_run(connection.id, now)
    if TWO_WAY in changed and writes_events_by_setting(work.settings):
        work.host_events.forget_contents(connection.id, now)
    if registered and registered.secret_ends in changed:
        work.connections.reset_warnings(connection.id)


def _connection(
    deps: Deps,
    actor: Actor,
    provider: str,
    grant: Grant,
    before: Connection | None,
    own: HostCalendar | None,
) -> Connection:
    connection_id = before.id if before else uuid4()
    permissions = connection_permissions(
        deps, provider, grant.scopes, has_own_host=own is not None
    )
    lacking = [it for it in permissions if not it.granted]
    known = before.host if before else None
    host = own or (replace(known, is_owner=None) if known else None)
    return Connection(
        id=connection_id,
        provider=provider,
        state=ConnectionState.PERMISSION if lacking else ConnectionState.CONNECTED,
        problem=_missing_permissions(provider, lacking),
        account=grant.account,
        account_name=grant.account_name,
        tenant=grant.tenant,
        host=host,
        scopes=grant.scopes,
        sealed_grant=seal_grant(deps.config, connection_id, grant),
        connected_by=actor.name,
        connected_at=deps.now(),
        next_run_at=deps.now(),
    )


def _own_host(grant: Grant) -> HostCalendar:
    return HostCalendar(
        id=OWN_HOST, name=grant.account, address=grant.account, is_owner=True
    )


def _is_host_of(connection: Connection, own: HostCalendar) -> bool:
    host = connection.host
    is_own = host is not None and host.is_own
    return is_own and connection.account.lower() == own.address.lower()


def _missing_permissions(provider: str, permissions: Sequence[Permission]) -> str:
    if not permissions:
        return ""
    names = ", ".join(it.name for it in permissions)
    remedy = (
        say("connections.connecting.remedy_consent")
        if FIELDS[provider].is_consented_for_all
        else say("connections.connecting.remedy_boxes")
    )
    return say("connections.connecting.missing_permissions", names=names, remedy=remedy)


def _no_token(refused: bool) -> str:  # noqa: FBT001  (the port's signature)
    del refused
    raise AssertionError("permissions are told without asking")
