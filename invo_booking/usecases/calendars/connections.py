"""Let administrators connect a provider, choose the host calendar and disconnect."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from invo_booking.domain.access.roles import Actor
from invo_booking.domain.calendars.connection import Connection
from invo_booking.domain.calendars.outside import (
    LONGEST_HOST_ID,
    HostCalendar,
    Permission,
)
from invo_booking.domain.calendars.provider_errors import (
    ProviderError,
    ProviderRefusedError,
)
from invo_booking.domain.errors import ConflictError, NotFoundError
from invo_booking.persistence.outbox import CALENDAR
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.settings.calendars import PRIMARY_PROVIDER
from invo_booking.texts import say
from invo_booking.usecases.calendars import connecting, removing, signing_in
from invo_booking.usecases.calendars.alerts import secret_end_date
from invo_booking.usecases.calendars.granting import (
    calendar_of_connection,
    grant_to_revoke,
    provider_named,
    revoke_grant,
)
from invo_booking.usecases.calendars.outside_agents import (
    UnreadAgent,
    unknown_agents,
    unread_agents,
)
from invo_booking.usecases.calendars.registration import (
    FIELDS,
    SERVER_FIELDS,
    has_own_host,
    host_kind,
    missing_registration_fields,
    provider_label,
    provider_registration,
    redirect_uri,
)
from invo_booking.usecases.shared import submits
from invo_booking.usecases.shared.deps import Deps
from invo_booking.usecases.shared.fields import Problems
from invo_booking.usecases.shared.rights import administer, require_administrator

LONGEST_NAME = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionPanel:
    """The state of the connection, and what is missing to connect.

    Attributes:
        provider: Name of the primary provider in the settings.
        is_ready: Whether all settings that a connection needs are filled in.
        missing_fields: Labels of the missing settings.
        permissions: Required permissions, granted or not.
        consent_url: URL at which the tenant's administrator consents; empty while
            consent is not possible.
        unknown_agents: Names and mailboxes of agents whose mailbox the provider does
            not know.
        unread_agents: Agents whose calendars cannot be read.
        secret_ends: Expiry date of the client secret, if the settings contain it.
        redirect_uri: Redirect URI to enter in the registration at the provider.
        conflicts: Number of appointments that staff must decide about.
        waiting_writes: Number of appointments still to be written to the host calendar.
        removals_failed: Number of events that could not be removed from a host calendar
            within the last 30 days.
        removal_problem: A sentence about the events that could not be removed; empty if
            there are none.
        host_kind: Value of the setting for the kind of host calendar; empty if the
            provider has one kind only.
    """

    provider: str
    is_ready: bool = False
    missing_fields: tuple[str, ...] = ()
    connection: Connection | None = None
    permissions: tuple[Permission, ...] = ()
    consent_url: str = ""
    unknown_agents: tuple[str, ...] = ()
    unread_agents: tuple[UnreadAgent, ...] = ()
    secret_ends: date | None = None
    redirect_uri: str = ""
    next_run_at: datetime | None = None
    last_success: datetime | None = None
    conflicts: int = 0
    waiting_writes: int = 0
    removals_failed: int = 0
    removal_problem: str = ""
    host_kind: str = ""


def connection_panel(deps: Deps, actor: Actor) -> ConnectionPanel:
    """Return the state of the connection, without calling the provider.

    Raises:
        NotAllowedError: If the actor is no administrator.
    """
    with administer(deps, actor) as work:
        return _panel(deps, work)


def begin_connection_sign_in(deps: Deps, actor: Actor, session_key: str) -> str:
    """Start a sign-in, and return the provider's URL to send the browser to.

    Args:
        actor: The person who signs in.
        session_key: Hash of the session, in which the sign-in must be finished.

    Raises:
        NotAllowedError: If the actor is no administrator.
        ConflictError: If the primary provider has no sign-in.
        ProviderError: If the provider cannot be reached or does not know the
            registration.
    """
    return signing_in.begin_provider_sign_in(deps, actor, session_key)


def finish_connection_sign_in(
    deps: Deps,
    actor: Actor,
    session_key: str,
    answer: Mapping[str, str],
    provider: str,
) -> Connection:
    """Connect the account of a finished sign-in.

    Args:
        actor: The person who signed in.
        session_key: Hash of the session.
        answer: Query parameters with which the provider sent the browser back.
        provider: Name of the provider.

    Raises:
        NotAllowedError: If this person did not start the sign-in in this session.
        ConflictError: If another provider or tenant is connected.
        ProviderError: If the provider refuses the grant.
    """
    grant = signing_in.finish_provider_sign_in(
        deps, actor, session_key, answer, provider
    )
    with deps.unit_of_work() as work:
        work.lock_roster()
        signing_in.require_chosen_provider(work, provider)
        connection = connecting.start_connection(deps, work, actor, provider, grant)
    deps.wake()
    return connection


def host_calendar_choices(deps: Deps, actor: Actor) -> list[HostCalendar]:
    """Return the calendars that can be the host calendar.

    Raises:
        NotAllowedError: If the actor is no administrator.
        NotFoundError: If nothing is connected.
        ProviderError: If the provider does not answer.
    """
    require_administrator(actor)
    return calendar_of_connection(deps, connection_in_use(deps)).hosts()


def choose_host_calendar(deps: Deps, actor: Actor, host_id: str) -> Connection:
    """Choose the host calendar, to which appointments are written.

    Raises:
        NotFoundError: If the connected account sees no such calendar.
        Further errors: those of ``host_calendar_choices``.
    """
    for host in host_calendar_choices(deps, actor):
        if host.id == host_id:
            return _host(deps, actor, host)
    raise NotFoundError(say("connections.connections.calendar_not_visible"))


def create_host_calendar(
    deps: Deps, actor: Actor, name: str, *, key: str = ""
) -> Connection:
    """Create a host calendar, which may become usable only after some minutes.

    Args:
        name: Name of the calendar.
        key: Idempotency key; a repeated key creates no second calendar.

    Raises:
        InvalidInputError: If the name is empty or too long.
        Further errors: those of ``host_calendar_choices``.
    """
    require_administrator(actor)
    problems = Problems()
    text = problems.line(
        "name", name, LONGEST_NAME, say("connections.connections.name_needed")
    )
    problems.refuse()

    def make() -> str:
        host = calendar_of_connection(deps, connection_in_use(deps)).create_host(text)
        _host(deps, actor, host)
        return host.id

    submits.make_once_outside(deps, actor, key, f"calendar {text}", make)
    return connection_in_use(deps)


def disconnect_provider(deps: Deps, actor: Actor) -> str:
    """End the connection: delete tokens and busy times, but keep events in calendars.

    The provider is then asked to revoke the sign-in, which may fail.

    Returns:
        Why the sign-in was not revoked at the provider, as a sentence; empty if the
        sign-in was revoked or did not need to be revoked.

    Raises:
        NotAllowedError: If the actor is no administrator.
        NotFoundError: If nothing is connected.
    """
    with administer(deps, actor) as work:
        work.lock_roster()
        connection = _active(work)
        grant = grant_to_revoke(deps, work, connection)
        connecting.end_connection(deps, work, actor, connection)
        work.connections.keep_grant(connection.id, "")
    deps.wake()
    return revoke_grant(deps, connection.provider, grant)


def make_poll_due(deps: Deps, actor: Actor) -> None:
    """Make a reading of all calendars due now, and wake the worker.

    The reading includes mailboxes that the provider did not know before.

    Raises:
        NotAllowedError: If the actor is no administrator.
        NotFoundError: If nothing is connected.
        ConflictError: If the provider limits the rate of calls at the moment.
    """
    require_administrator(actor)
    now = deps.now()
    with deps.unit_of_work() as work:
        connection = _active(work)
        if connection.paused_until and connection.is_paused(now):
            seconds = int((connection.paused_until - now).total_seconds()) + 1
            raise ConflictError(
                say(
                    "connections.connections.paused",
                    provider=provider_label(connection.provider),
                    seconds=seconds,
                )
            )
        work.connections.schedule_run(connection.id, now)
        work.busy.ask_unknown()
    deps.wake()


def connection_in_use(deps: Deps) -> Connection:
    """Return the connection in use.

    Raises:
        NotFoundError: If nothing is connected.
    """
    with deps.unit_of_work() as work:
        return _active(work)


def _active(work: UnitOfWork) -> Connection:
    connection = work.connections.active()
    if connection is None:
        raise NotFoundError(say("connections.connections.not_connected"))
    return connection


def _host(deps: Deps, actor: Actor, chosen: HostCalendar) -> Connection:
    if len(chosen.id) > LONGEST_HOST_ID:
        raise ProviderRefusedError(say("connections.connections.id_too_long"))
    host = replace(chosen, chosen_at=deps.now())
    with deps.unit_of_work() as work:
        work.lock_roster()
        connection = _active(work)
        before = connection.host
        if (
            before
            and before.id != host.id
            and connecting.events_ahead(deps, work, connection)
        ):
            connection = connecting.move_host(deps, work, connection, host)
        work.connections.choose_host(connection.id, host)
        work.connections.schedule_run(connection.id, deps.now())
        hosted = work.connections.get(connection.id)
        connecting.record_connection_change(deps, work, actor, "host chosen", hosted)
    deps.wake()
    return hosted


def _panel(deps: Deps, work: UnitOfWork) -> ConnectionPanel:
    values, connection = work.settings, work.connections.active()
    chosen = values[PRIMARY_PROVIDER]
    provider = connection.provider if connection else chosen
    is_connectable = provider in FIELDS or provider in SERVER_FIELDS
    if not is_connectable or not deps.can_call(provider):
        return ConnectionPanel(provider=chosen)
    lacking = missing_registration_fields(values, provider)
    removals_failed, removal_problem = removing.removal_problem(work, deps.now())
    scopes = connection.scopes if connection else frozenset[str]()
    return ConnectionPanel(
        provider=chosen,
        is_ready=not lacking,
        missing_fields=lacking,
        connection=connection,
        permissions=connecting.connection_permissions(
            deps, provider, scopes, has_own_host=has_own_host(values, provider)
        ),
        consent_url=_consent_url(deps, work, provider),
        unknown_agents=unknown_agents(work, work.busy.unregistered_calendars()),
        unread_agents=unread_agents(work),
        secret_ends=secret_end_date(work, provider),
        redirect_uri=redirect_uri(deps.config, provider) if provider in FIELDS else "",
        next_run_at=connection.next_run_at if connection else None,
        last_success=connection.succeeded_at if connection else None,
        conflicts=work.host_events.count_to_decide(connection.id) if connection else 0,
        waiting_writes=work.outbox.count_open(CALENDAR),
        removals_failed=removals_failed,
        removal_problem=removal_problem,
        host_kind=host_kind(values, provider),
    )


def _consent_url(deps: Deps, work: UnitOfWork, provider: str) -> str:
    if provider not in FIELDS:
        return ""
    try:
        by = provider_registration(deps.config, work.settings, provider)
    except ProviderError:
        return ""
    uri = redirect_uri(deps.config, provider)
    state = signing_in.consent_state(deps.config, deps.now())
    return provider_named(deps, provider).consent_url(by, uri, state)
