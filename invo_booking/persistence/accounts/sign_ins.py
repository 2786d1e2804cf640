"""Store unfinished sign-ins at providers."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, delete

from invo_booking.persistence.mapping import columns_of
from invo_booking.persistence.tables.outside import SignInFlowRow


@dataclass(frozen=True, slots=True, kw_only=True)
class BegunSignIn:
    """A started sign-in at a provider.

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


class SignIns:
    """Started sign-ins as one transaction sees them."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, begun: BegunSignIn) -> None:
        """Store a started sign-in."""
        self._session.add(SignInFlowRow(**columns_of(begun)))

    def take(self, state_hash: str) -> BegunSignIn | None:
        """Return and delete a sign-in, so that it can be finished only once."""
        statement = (
            delete(SignInFlowRow)
            .where(col(SignInFlowRow.hash) == state_hash)
            .returning(SignInFlowRow)
        )
        row = self._session.connection().execute(statement).mappings().first()
        return BegunSignIn(**row) if row else None

    def forget_before(self, before: datetime) -> None:
        """Delete sign-ins started before an instant."""
        rows = col(SignInFlowRow.created_at) < before
        self._session.exec(delete(SignInFlowRow).where(rows))
