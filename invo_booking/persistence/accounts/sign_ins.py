"""Store unfinished sign-ins at providers."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, delete, select

from invo_booking.persistence.mapping import columns_of
from invo_booking.persistence.repository import Repository
from invo_booking.persistence.tables.outside import SignInFlowRow

PERSON_LOCKS = 7_064
_LOCK = text(f"SELECT pg_advisory_xact_lock({PERSON_LOCKS}, hashtext(:person))")


@dataclass(frozen=True, slots=True, kw_only=True)
class BegunSignIn:
    """An unfinished sign-in at a provider.

    Attributes:
        hash: Hash of the state that the provider sends back.
        session_hash: Hash of the session in which the sign-in started.
        sealed_flow: Sealed data needed to finish the sign-in.
    """

    hash: str
    session_hash: str
    person_id: UUID
    provider: str
    sealed_flow: str
    created_at: datetime


class SignIns(Repository):
    """Unfinished sign-ins as one transaction sees them."""

    def add(self, begun: BegunSignIn) -> None:
        """Store an unfinished sign-in."""
        self._session.add(SignInFlowRow(**columns_of(begun)))

    def unfinished_starts(self, person_id: UUID, since: datetime) -> list[datetime]:
        """Return when a person's unfinished sign-ins began, earliest first.

        Until this transaction ends, calls for the same person in other transactions
        wait.
        """
        self._run(_LOCK, person=str(person_id))
        rows = (
            select(SignInFlowRow.created_at)
            .where(SignInFlowRow.person_id == person_id)
            .where(col(SignInFlowRow.created_at) > since)
            .order_by(col(SignInFlowRow.created_at))
        )
        return list(self._session.exec(rows))

    def take(self, state_hash: str) -> BegunSignIn | None:
        """Return a sign-in and delete it, so that it can be finished only once.

        Returns:
            ``None`` if there is no sign-in with this state.
        """
        statement = (
            delete(SignInFlowRow)
            .where(col(SignInFlowRow.hash) == state_hash)
            .returning(SignInFlowRow)
        )
        row = self._run(statement).mappings().first()
        return BegunSignIn(**row) if row else None

    def forget_before(self, before: datetime) -> None:
        """Delete sign-ins that began before an instant."""
        self._delete(SignInFlowRow, col(SignInFlowRow.created_at) < before)
