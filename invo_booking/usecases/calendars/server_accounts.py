"""Connect a provider without a sign-in, with the account that the settings name."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from invo_booking.domain.access.roles import Actor
from invo_booking.domain.calendars.outside import (
    ConnectionFinding,
    Grant,
    HostCalendar,
    ServerAccount,
)
from invo_booking.domain.errors import ConflictError
from invo_booking.persistence.audit.entries import AuditEntry
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.settings.calendars import PRIMARY_PROVIDER
from invo_booking.texts import say
from invo_booking.usecases.calendars import connecting
from invo_booking.usecases.calendars.granting import account_identity, server_named
from invo_booking.usecases.calendars.registration import (
    SERVER_FIELDS,
    provider_label,
    server_account,
)
from invo_booking.usecases.shared.copies import refuse_copy
from invo_booking.usecases.shared.deps import Deps
from invo_booking.usecases.shared.rights import administer
from invo_booking.usecases.shared.trials import TrialLimit, count_trial

MOST_TRIES = 20
"""How often one administrator may try to connect an account within an hour. The number
is limited because the server may lock the account after failed tries."""

_LIMIT = TrialLimit(
    what="server",
    most=MOST_TRIES,
    within=timedelta(hours=1),
    refusal="connections.server_accounts.too_often",
)
_NEVER = datetime.max.replace(tzinfo=UTC)


def connect_server_account(deps: Deps, actor: Actor) -> list[ConnectionFinding]:
    """Check the account that the settings name, and connect it if all checks pass.

    The calendar of the account then becomes the host calendar. An earlier connection of
    the same account is resumed.

    Returns:
        The results of all checks. If one failed, nothing is connected.

    Raises:
        NotAllowedError: If the actor is no administrator.
        ConflictError: If the primary provider has a sign-in, another provider or
            account is connected, or the settings were changed during the checks.
        ReconnectError: If a required setting is missing, or the password cannot be
            decrypted.
        TooManyRequestsError: After twenty tries within an hour.
    """
    with administer(deps, actor) as work:
        refuse_copy(work)
        provider, account = _chosen_account(deps, work)
        count_trial(deps, work, f"server account by {actor.id}", _LIMIT)
    calendar = server_named(deps, provider).open(lambda: account)
    findings = calendar.check()
    if not all(finding.ok for finding in findings):
        _record_refusal(deps, actor, provider, findings)
        return findings
    [host] = calendar.hosts()
    with deps.unit_of_work() as work:
        work.lock_roster()
        if _chosen_account(deps, work) != (provider, account):
            raise ConflictError(say("connections.server_accounts.settings_changed"))
        _connect(deps, work, actor, provider, (account, host))
    deps.wake()
    return findings


def _connect(
    deps: Deps,
    work: UnitOfWork,
    actor: Actor,
    provider: str,
    what: tuple[ServerAccount, HostCalendar],
) -> None:
    account, host = what
    grant = _grant(account)
    connection = connecting.start_connection(deps, work, actor, provider, grant)
    chosen = replace(host, chosen_at=deps.now())
    work.connections.choose_host(connection.id, chosen)


def _chosen_account(deps: Deps, work: UnitOfWork) -> tuple[str, ServerAccount]:
    provider = work.settings[PRIMARY_PROVIDER]
    if provider not in SERVER_FIELDS:
        raise ConflictError(
            say(
                "connections.server_accounts.not_primary",
                provider=provider_label(provider),
            )
        )
    return provider, server_account(deps.config, work.settings, provider)


def _grant(account: ServerAccount) -> Grant:
    """Return a grant without secrets, because the settings contain the password."""
    return Grant(
        blob="settings",
        account=account.mailbox or account.user,
        account_name="",
        tenant=account_identity(account),
        scopes=frozenset(),
        expires_at=_NEVER,
    )


def _record_refusal(
    deps: Deps, actor: Actor, provider: str, findings: Sequence[ConnectionFinding]
) -> None:
    failed = ", ".join(finding.name for finding in findings if not finding.ok)
    entry = AuditEntry.by(
        actor,
        "connecting refused",
        (connecting.KIND, provider),
        deps.now(),
        {"why": failed},
    )
    with deps.unit_of_work() as work:
        work.audit.add(entry)
