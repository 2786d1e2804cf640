"""Open, renew and revoke the tokens of a connection.

A provider may issue a new refresh token with each renewal and revoke the previous one,
so two concurrent renewals could leave no valid token. Therefore the connection's row is
locked during a renewal.
"""

import json
import logging
import threading
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

from invo_booking.config import Config
from invo_booking.domain.calendars.connection import Connection
from invo_booking.domain.calendars.outside import Grant, Registration, ServerAccount
from invo_booking.domain.calendars.ports import (
    BackendCalendar,
    Provider,
    ServerProvider,
)
from invo_booking.domain.calendars.provider_errors import ProviderError, ReconnectError
from invo_booking.domain.errors import NotFoundError
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.texts import say
from invo_booking.usecases.calendars.registration import (
    SERVER_FIELDS,
    provider_label,
    provider_registration,
    server_account,
)
from invo_booking.usecases.shared.copies import copy_problem, refuse_copy
from invo_booking.usecases.shared.deps import Deps
from invo_booking.usecases.shared.sealing import SealBrokenError, seal, unseal

_log = logging.getLogger(__name__)

RENEWED_AHEAD = timedelta(minutes=5)
"""How long before its expiry a token is renewed; longer than any call to a provider."""


def calendar_of_connection(deps: Deps, connection: Connection) -> BackendCalendar:
    """Return the calendar of a connection, without calling the provider.

    The calendar's methods raise ``ReconnectError`` if the tokens cannot be decrypted or
    renewed, or if the settings no longer name the connected account.
    """
    if connection.provider in SERVER_FIELDS:
        server = server_named(deps, connection.provider)
        return server.open(lambda: _connected_account(deps, connection))
    provider = provider_named(deps, connection.provider)
    host = connection.host
    with deps.unit_of_work() as work:
        zone = work.roster.institution.zone
    return provider.open(
        _TokenSource(deps, connection),
        host.id if host else "",
        account=connection.account,
        zone=zone,
        host_is_new=host is not None and host.is_new(deps.now()),
    )


def provider_named(deps: Deps, name: str) -> Provider:
    """Return the provider with this name in the settings.

    Raises:
        NotFoundError: If no provider with a sign-in has this name.
    """
    provider = deps.providers.get(name)
    if provider is None:
        raise NotFoundError(
            say("connections.granting.not_connectable", provider=provider_label(name))
        )
    return provider


def server_named(deps: Deps, name: str) -> ServerProvider:
    """Return the provider without a sign-in whose name in the settings is ``name``.

    Raises:
        NotFoundError: If no provider without a sign-in has this name.
    """
    server = deps.servers.get(name)
    if server is None:
        raise NotFoundError(
            say("connections.granting.not_connectable", provider=provider_label(name))
        )
    return server


def account_identity(account: ServerAccount) -> str:
    """Return the lower-case user name by which a connection recognizes its account."""
    return account.user.lower()


def _connected_account(deps: Deps, connection: Connection) -> ServerAccount:
    with deps.unit_of_work() as work:
        refuse_copy(work)
        account = server_account(deps.config, work.settings, connection.provider)
    if account_identity(account) != connection.tenant:
        raise ReconnectError(
            say(
                "connections.granting.other_account",
                account=connection.account,
            )
        )
    return account


def grant_purpose(connection_id: UUID) -> str:
    """Return the ``purpose`` for encrypting a connection's tokens; see ``seal``."""
    return f"connection:{connection_id}"


def seal_grant(config: Config, connection_id: UUID, grant: Grant) -> str:
    """Return a grant's tokens and their expiry, encrypted for storage."""
    text = json.dumps({"blob": grant.blob, "expires_at": grant.expires_at.isoformat()})
    return seal(config, grant_purpose(connection_id), text)


def open_grant(config: Config, connection: Connection) -> Grant:
    """Return the grant of a connection.

    Raises:
        ReconnectError: If the connection has no tokens, or the tokens cannot be
            decrypted.
    """
    if not connection.sealed_grant:
        raise ReconnectError(say("connections.granting.ended"))
    try:
        text = unseal(config, grant_purpose(connection.id), connection.sealed_grant)
    except SealBrokenError as error:
        raise ReconnectError(
            say(
                "connections.granting.unsealable",
                provider=provider_label(connection.provider),
                error=error,
            )
        ) from None
    stored = json.loads(text)
    return Grant(
        blob=stored["blob"],
        account=connection.account,
        account_name=connection.account_name,
        tenant=connection.tenant,
        scopes=connection.scopes,
        expires_at=datetime.fromisoformat(stored["expires_at"]),
    )


def grant_to_revoke(
    deps: Deps, work: UnitOfWork, connection: Connection
) -> Grant | None:
    """Return an ended connection's grant, unless another connection needs the sign-in.

    Revoking a sign-in may end all sign-ins of the account at the provider. So no
    sign-in is revoked while another connection in the same tenant still has a grant.
    The function returns ``None`` in this case, and also if the grant cannot be
    decrypted.
    """
    if any(
        (other.provider, other.tenant) == (connection.provider, connection.tenant)
        for other in work.connections.with_grant()
        if other.id != connection.id
    ):
        return None
    try:
        return open_grant(deps.config, connection)
    except ProviderError:
        return None


def revoke_grant(deps: Deps, provider: str, grant: Grant | None) -> str:
    """Revoke a sign-in at the provider. Call this function outside a transaction.

    In a copy of the database, nothing is revoked, because the installation from which
    the database was copied uses the same sign-in.

    Returns:
        Why the sign-in was not revoked, as a sentence; empty if it was revoked, or if
        there is nothing to revoke.
    """
    vendor = deps.providers.get(provider)
    if vendor is None or grant is None:
        return ""
    with deps.unit_of_work() as work:
        if copy_problem(work):
            return say(
                "connections.granting.copy_not_revoked",
                provider=provider_label(provider),
            )
    try:
        vendor.revoke(grant)
    except ProviderError as error:
        _log.warning("a sign-in was not revoked at %s: %s", provider, error.code)
        return say(
            "connections.granting.not_revoked",
            provider=provider_label(provider),
            error=error,
        )
    return ""


@dataclass(frozen=True, slots=True)
class _Token:
    text: str = field(repr=False)
    version: int
    expires_at: datetime

    def is_usable(self, at_least: int, now: datetime) -> bool:
        """Whether the token has at least this version and will outlast a call."""
        return self.version >= at_least and now < self.expires_at - RENEWED_AHEAD


class _TokenMemory:
    """The access tokens cached in this process's memory; never stored elsewhere."""

    def __init__(self) -> None:
        self.tokens: dict[UUID, _Token] = {}
        self.guard = threading.Lock()
        """Lets only one thread at a time wait for the row lock, so that other threads
        hold no database connection while they wait."""


_kept = _TokenMemory()


class _TokenSource:
    """A callable, usable in any thread, that returns a calendar's access tokens."""

    def __init__(self, deps: Deps, connection: Connection) -> None:
        self._deps = deps
        self._id = connection.id
        self._version = connection.grant_version
        self._handed = threading.local()

    def __call__(self, refused: bool) -> str:  # noqa: FBT001  (the port's signature)
        """Return an access token; if ``refused``, a newer token than the previous one.

        If the database is a copy, an error is raised. Every call to the provider needs
        a token, so a copy never calls the provider.
        """
        with self._deps.unit_of_work() as work:
            refuse_copy(work)
        handed = getattr(self._handed, "version", self._version)
        at_least = handed + 1 if refused else self._version
        token = self._cached_token(at_least) or self._fetch_token(at_least)
        self._handed.version = token.version
        return token.text

    def _cached_token(self, at_least: int) -> _Token | None:
        token = _kept.tokens.get(self._id)
        is_usable = token and token.is_usable(at_least, self._deps.now())
        return token if is_usable else None

    def _fetch_token(self, at_least: int) -> _Token:
        with _kept.guard:
            token = self._cached_token(at_least) or self._stored_or_new_token(at_least)
            _kept.tokens[self._id] = token
            return token

    def _stored_or_new_token(self, at_least: int) -> _Token:
        deps = self._deps
        with deps.unit_of_work() as work:
            connection = work.connections.get_for_update(self._id)
            grant = open_grant(deps.config, connection)
            token = self._token(connection, grant)
            if token.is_usable(at_least, deps.now()):
                return token
            by = _registration_of(deps, work, connection)
            renewed = self._provider(connection).renew(by, grant, deps.now())
            sealed = seal_grant(deps.config, self._id, renewed)
            work.connections.keep_grant(self._id, sealed, renewed.scopes)
            return self._token(work.connections.get(self._id), renewed)

    def _token(self, connection: Connection, grant: Grant) -> _Token:
        text = self._provider(connection).access_token(grant)
        return _Token(text, connection.grant_version, grant.expires_at)

    def _provider(self, connection: Connection) -> Provider:
        return provider_named(self._deps, connection.provider)


def _registration_of(
    deps: Deps, work: UnitOfWork, connection: Connection
) -> Registration:
    """Return the registration for the connection's kind of host calendar."""
    by = provider_registration(deps.config, work.settings, connection.provider)
    host = connection.host
    return replace(by, has_own_host=host.is_own) if host else by
