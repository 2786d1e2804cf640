"""Store staff accounts and their sessions."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import col, select

from invo_booking.domain import contact
from invo_booking.domain.notifications import SESSIONS
from invo_booking.persistence.mapping import row_reader
from invo_booking.persistence.notifications import send_notification
from invo_booking.persistence.repository import Repository
from invo_booking.persistence.tables.core import PersonRow, SessionRow


@dataclass(frozen=True, slots=True)
class PersonAccount:
    """The data of a person's account that a sign-in needs."""

    id: UUID
    password_hash: str
    active: bool
    must_change_password: bool


@dataclass(frozen=True, slots=True)
class LiveSession:
    """A signed-in browser."""

    person_id: UUID
    created_at: datetime
    seen_at: datetime
    address: str


class People(Repository):
    """Staff accounts as one transaction sees them."""

    def account(self, email: str) -> PersonAccount | None:
        """Return the account with this e-mail address, ignoring case."""
        row = self._find(email)
        return _account(row) if row else None

    def account_of(self, person_id: UUID) -> PersonAccount | None:
        """Return a person's account."""
        row = self._session.get(PersonRow, person_id, populate_existing=True)
        return _account(row) if row else None

    def lock(self, person_id: UUID) -> PersonAccount | None:
        """Return a person's account, locked until the commit.

        Code that creates a session or a token takes this lock. Code that ends all of a
        person's sessions and tokens updates the account first. This update waits for
        the lock, so sessions and tokens created under the lock are ended too.
        """
        row = self._session.get(
            PersonRow,
            person_id,
            populate_existing=True,
            with_for_update={"key_share": True},
        )
        return _account(row) if row else None

    def without_password(self) -> frozenset[UUID]:
        """Return the people without a password, who cannot sign in yet."""
        rows = select(PersonRow.id).where(PersonRow.password_hash == "")
        return frozenset(self._session.exec(rows))

    def add(self, *, name: str, email: str, time_zone: str, roles: list[str]) -> UUID:
        """Create an active person without a password and return the id."""
        row = PersonRow(
            name=name,
            email=contact.email_to_look_up(email),
            time_zone=time_zone,
            roles=roles,
            languages=[],
        )
        self._session.add(row)
        self._session.flush()
        return row.id

    def set_password(
        self, person_id: UUID, password_hash: str, *, must_change: bool = False
    ) -> None:
        """Replace the password.

        Args:
            must_change: Whether the person has to change the password at the next
                sign-in, because somebody else knows the current one.
        """
        self._update(
            person_id, password_hash=password_hash, must_change_password=must_change
        )

    def set_roles(self, person_id: UUID, roles: list[str]) -> None:
        """Replace the roles."""
        self._update(person_id, roles=roles, version=PersonRow.version + 1)

    def set_active(self, person_id: UUID, *, active: bool) -> None:
        """Activate or deactivate a person."""
        self._update(person_id, active=active, version=PersonRow.version + 1)

    def _find(self, email: str) -> PersonRow | None:
        sought = contact.email_to_look_up(email)
        statement = select(PersonRow).where(PersonRow.email == sought)
        return self._session.exec(statement).first()

    def _update(self, person_id: UUID, **values: object) -> None:
        self._change(PersonRow, col(PersonRow.id) == person_id, **values)


class Sessions(Repository):
    """Sessions as one transaction sees them."""

    def add(self, key: str, person_id: UUID, now: datetime, address: str) -> None:
        """Add a session."""
        self._session.add(
            SessionRow(
                hash=key,
                person_id=person_id,
                created_at=now,
                seen_at=now,
                address=address[:64],
            )
        )

    def find(self, key: str) -> LiveSession | None:
        """Return a session by the hash of its cookie."""
        row = self._session.get(SessionRow, key)
        return _live(row) if row else None

    def find_all(self, keys: Collection[str]) -> dict[str, LiveSession]:
        """Return the existing sessions by the hash of their cookie."""
        statement = select(SessionRow).where(col(SessionRow.hash).in_(keys))
        return {row.hash: _live(row) for row in self._session.exec(statement)}

    def of(self, person_id: UUID) -> list[tuple[str, LiveSession]]:
        """Return a person's sessions with their keys, the most recently used first."""
        statement = (
            select(SessionRow)
            .where(SessionRow.person_id == person_id)
            .order_by(col(SessionRow.seen_at).desc(), col(SessionRow.hash))
        )
        return [(row.hash, _live(row)) for row in self._session.exec(statement)]

    def touch(self, key: str, now: datetime) -> None:
        """Store the time of the last use of a session."""
        self._change(SessionRow, col(SessionRow.hash) == key, seen_at=now)

    def end(self, key: str) -> None:
        """End a session. Idempotent."""
        self._delete(SessionRow, col(SessionRow.hash) == key)
        self._notify()

    def end_all_of(self, person_id: UUID, *, but: str = "") -> None:
        """End all sessions of a person, except the session ``but`` if given."""
        self._delete(
            SessionRow,
            col(SessionRow.person_id) == person_id,
            col(SessionRow.hash) != but,
        )
        self._notify()

    def _notify(self) -> None:
        """Make all web processes clear the open pages of sessions that have ended."""
        send_notification(self._session, {SESSIONS: True})

    def forget(self, created_before: datetime) -> None:
        """Delete sessions that were created before an instant."""
        self._delete(SessionRow, col(SessionRow.created_at) < created_before)


_live = row_reader(LiveSession)
_account = row_reader(PersonAccount)
