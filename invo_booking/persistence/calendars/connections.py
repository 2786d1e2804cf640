"""Store connections to providers, and which worker currently reads from each provider.

A *run* reads from a provider. A worker leases a connection for the time of a run.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, text
from sqlmodel import col, or_, select, update
from sqlmodel.sql.expression import SelectOfScalar

from invo_booking.domain.calendars.connection import Connection, ConnectionState
from invo_booking.domain.calendars.outside import OWN_HOST, HostCalendar
from invo_booking.domain.errors import NotFoundError
from invo_booking.persistence.mapping import columns_of, row_reader
from invo_booking.persistence.repository import Repository
from invo_booking.persistence.tables.outside import ConnectionRow
from invo_booking.texts import say

_PATIENCE = text("SET LOCAL lock_timeout = '20s'")
"""Sets the lock timeout. The connection's row is locked while a provider renews a
grant, so the timeout is longer than a renewal may take."""


class Connections(Repository):
    """Connections as one transaction sees them."""

    def active(self) -> Connection | None:
        """Return the connection in use."""
        statement = select(ConnectionRow).where(col(ConnectionRow.active))
        return next(iter(self._read(statement)), None)

    def get(self, connection_id: UUID) -> Connection:
        """Return a connection, whether it is in use or has ended.

        Raises:
            NotFoundError: If there is no connection with this id.
        """
        return self._read_one(_one(connection_id))

    def latest(
        self, provider: str, tenant: str, *, own_host: str = ""
    ) -> Connection | None:
        """Return a tenant's latest connection that has ended and has no grant.

        Args:
            provider: The provider's name in the settings.
            tenant: The institution's tenant at the provider.
            own_host: Account whose own calendar is the host calendar; empty for a
                connection with another host calendar, or with none yet.
        """
        is_own = col(ConnectionRow.host_id) == OWN_HOST
        is_same = func.lower(col(ConnectionRow.account)) == own_host.lower()
        statement = (
            select(ConnectionRow)
            .where(~col(ConnectionRow.active), ConnectionRow.sealed_grant == "")
            .where(ConnectionRow.provider == provider, ConnectionRow.tenant == tenant)
            .where(is_own & is_same if own_host else ~is_own)
            .order_by(col(ConnectionRow.connected_at).desc())
            .limit(1)
        )
        return next(iter(self._read(statement)), None)

    def inactive_with_grant(self) -> list[Connection]:
        """Return the ended connections that still have a grant."""
        statement = select(ConnectionRow).where(
            ~col(ConnectionRow.active), ConnectionRow.sealed_grant != ""
        )
        return self._read(statement)

    def with_grant(self) -> list[Connection]:
        """Return all connections that have a grant, whether in use or ended."""
        statement = select(ConnectionRow).where(ConnectionRow.sealed_grant != "")
        return self._read(statement)

    def get_for_update(self, connection_id: UUID) -> Connection:
        """Return the current state of a connection, locked until the commit.

        Other transactions can still write rows that refer to the connection.

        Raises:
            NotFoundError: If there is no connection with this id.
        """
        self._run(_PATIENCE)
        return self._read_one(_one(connection_id).with_for_update(key_share=True))

    def add(self, connection: Connection) -> None:
        """Store a new connection and start using it; all others must have ended."""
        self._session.add(_row(connection))
        self._session.flush()

    def resume(self, connection: Connection) -> None:
        """Use a connection again with a new grant; all others must have ended."""
        self._update(
            connection.id,
            active=True,
            state=connection.state.value,
            problem=connection.problem[:500],
            account=connection.account[:254],
            account_name=connection.account_name[:120],
            host_is_owner=connection.host.is_owner if connection.host else None,
            connected_by=connection.connected_by[:120],
            connected_at=connection.connected_at,
            next_run_at=connection.next_run_at,
            paused_until=None,
        )
        self.keep_grant(connection.id, connection.sealed_grant, connection.scopes)

    def keep_grant(
        self, connection_id: UUID, sealed: str, scopes: frozenset[str] | None = None
    ) -> None:
        """Replace the tokens of a connection.

        Args:
            sealed: Tokens, sealed for this connection; empty to delete the tokens.
            scopes: The granted scopes; ``None`` if unchanged.
        """
        values: dict[str, Any] = {"sealed_grant": sealed}
        if scopes is not None:
            values["scopes"] = sorted(scopes)
        version = ConnectionRow.grant_version + 1
        self._update(connection_id, grant_version=version, **values)

    def choose_host(self, connection_id: UUID, host: HostCalendar) -> None:
        """Set the host calendar."""
        self._update(connection_id, **_host_columns(host))

    def lease(self, connection_id: UUID, now: datetime, until: datetime) -> int | None:
        """Start a run unless another one is in progress.

        Returns:
            The run's number, to pass to ``lock_lease``, ``renew`` and ``release``;
            ``None`` if another run has an unexpired lease, or the connection is no
            longer in use.
        """
        statement = (
            update(ConnectionRow)
            .where(col(ConnectionRow.id) == connection_id, col(ConnectionRow.active))
            .where(
                or_(
                    col(ConnectionRow.leased_until).is_(None),
                    col(ConnectionRow.leased_until) <= now,
                )
            )
            .values(fence=ConnectionRow.fence + 1, leased_until=until)
            .returning(col(ConnectionRow.fence))
        )
        return self._run(statement).scalar_one_or_none()

    def lock_lease(self, connection_id: UUID, fence: int) -> bool:
        """Whether a run is still the latest one.

        If true, no other run can start before the commit.
        """
        statement = (
            select(ConnectionRow.id)
            .where(ConnectionRow.id == connection_id, ConnectionRow.fence == fence)
            .where(col(ConnectionRow.active))
            .with_for_update(read=True)
        )
        return self._session.exec(statement).first() is not None

    def renew(self, connection_id: UUID, fence: int, until: datetime) -> bool:
        """Extend the lease of a run; return whether the run still has the lease."""
        return bool(
            self._change(
                ConnectionRow,
                col(ConnectionRow.id) == connection_id,
                col(ConnectionRow.fence) == fence,
                col(ConnectionRow.leased_until).is_not(None),
                leased_until=until,
            )
        )

    def release(self, connection_id: UUID, fence: int) -> None:
        """End a run, unless a later one has started."""
        self._change(
            ConnectionRow,
            col(ConnectionRow.id) == connection_id,
            col(ConnectionRow.fence) == fence,
            leased_until=None,
        )

    def record_success(
        self, connection_id: UUID, now: datetime, next_run_at: datetime
    ) -> None:
        """Record that a run read all outside calendars completely."""
        self.mark_working(connection_id, now)
        self._update(connection_id, succeeded_at=now, next_run_at=next_run_at)

    def mark_working(self, connection_id: UUID, now: datetime) -> None:
        """Record that a call of the provider succeeded."""
        self._update(
            connection_id,
            state=ConnectionState.CONNECTED.value,
            problem="",
            tried_at=now,
        )

    def record_failure(
        self,
        connection_id: UUID,
        state: ConnectionState,
        problem: str,
        *,
        now: datetime,
        next_run_at: datetime,
    ) -> None:
        """Record the state of a connection, the reason, and when to try again."""
        self._update(
            connection_id,
            state=state.value,
            problem=problem[:500],
            tried_at=now,
            next_run_at=next_run_at,
        )

    def pause(self, connection_id: UUID, until: datetime) -> None:
        """Record that the provider must not be called before an instant."""
        self._update(connection_id, paused_until=until)

    def note_unreadable(self, connection_id: UUID, note: str) -> None:
        """Store a sentence about unreadable host events; empty if there are none."""
        self._update(connection_id, unreadable=note[:500])

    def schedule_run(self, connection_id: UUID, at: datetime) -> None:
        """Set when the next run is due."""
        self._update(connection_id, next_run_at=at)

    def mark_reported(self, connection_id: UUID, state: ConnectionState) -> bool:
        """Record that a mail reports a state.

        Returns:
            ``False`` if the previous mail reported the same state.
        """
        statement = (
            update(ConnectionRow)
            .where(col(ConnectionRow.id) == connection_id)
            .where(col(ConnectionRow.mailed_state) != state.value)
            .values(mailed_state=state.value)
            .returning(col(ConnectionRow.id))
        )
        return self._run(statement).first() is not None

    def mark_warned(self, connection_id: UUID, days: int) -> bool:
        """Record a warning that the client secret expires.

        Args:
            days: Days from the warning to the expiry.

        Returns:
            Whether to send the warning: ``False`` if a warning was sent already with
            this number of days left, or fewer.
        """
        statement = (
            update(ConnectionRow)
            .where(col(ConnectionRow.id) == connection_id)
            .where(
                or_(
                    col(ConnectionRow.last_warning_days).is_(None),
                    col(ConnectionRow.last_warning_days) > days,
                )
            )
            .values(last_warning_days=days)
            .returning(col(ConnectionRow.id))
        )
        return self._run(statement).first() is not None

    def reset_warnings(self, connection_id: UUID) -> None:
        """Forget earlier warnings because the secret has a new expiry date."""
        self._update(connection_id, last_warning_days=None)

    def end(self, connection_id: UUID, now: datetime) -> None:
        """End a connection, but keep its grant until ``keep_grant("")`` deletes it."""
        self._update(
            connection_id,
            active=False,
            state=ConnectionState.DISCONNECTED.value,
            problem="",
            tried_at=now,
            next_run_at=None,
            leased_until=None,
            fence=ConnectionRow.fence + 1,
        )

    def _read_one(self, statement: SelectOfScalar[ConnectionRow]) -> Connection:
        for connection in self._read(statement):
            return connection
        raise NotFoundError(say("refusals.connections.unknown"))

    def _read(self, statement: SelectOfScalar[ConnectionRow]) -> list[Connection]:
        """Read the stored rows again, even if this transaction has read them before."""
        fresh = statement.execution_options(populate_existing=True)
        return list(map(_connection, self._session.exec(fresh)))

    def _update(self, connection_id: UUID, **values: Any) -> None:
        self._change(ConnectionRow, col(ConnectionRow.id) == connection_id, **values)


def _one(connection_id: UUID) -> SelectOfScalar[ConnectionRow]:
    return select(ConnectionRow).where(ConnectionRow.id == connection_id)


def _host(row: ConnectionRow) -> HostCalendar | None:
    return _stored_host(row) if row.host_id else None


_stored_host = row_reader(HostCalendar, "host_", is_member=lambda _: None)
_connection = row_reader(Connection, host=_host)


def _row(connection: Connection) -> ConnectionRow:
    texts: dict[str, Any] = {
        "problem": connection.problem[:500],
        "account": connection.account[:254],
        "account_name": connection.account_name[:120],
        "tenant": connection.tenant[:64],
        "connected_by": connection.connected_by[:120],
    }
    return ConnectionRow(
        **(columns_of(connection, "host") | texts | _host_columns(connection.host)),
        active=True,
        mailed_state=ConnectionState.CONNECTED.value,
    )


def _host_columns(host: HostCalendar | None) -> dict[str, Any]:
    if host is None:
        return {}
    return {
        "host_id": host.id,
        "host_name": host.name[:200],
        "host_address": host.address[:254],
        "host_is_owner": host.is_owner,
        "host_chosen_at": host.chosen_at,
    }
