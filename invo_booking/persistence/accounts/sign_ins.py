"""Sign-ins at providers that were begun and not finished."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, delete

from invo_booking.persistence.mapping import columns_of
from invo_booking.persistence.tables.outside import SignInFlowRow


@dataclass(frozen=True, slots=True, kw_only=True)
class BegunSignIn:
    """A sign-in somebody was sent to a provider for.

    Attributes:
        hash: Of the state the provider brings back.
        session_hash: Of the session it was begun in.
        sealed_flow: What is needed to finish it.
    """

    hash: str
    session_hash: str
    person_id: UUID
    provider: str
    sealed_flow: str
    created_at: datetime


class SignIns:
    """Begun sign-ins as one transaction sees them."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, begun: BegunSignIn) -> None:
        """Remember a sign-in until it is taken or forgotten."""
        self._session.add(SignInFlowRow(**columns_of(begun)))

    def take(self, state_hash: str) -> BegunSignIn | None:
        """Return a sign-in and forget it, so that it is finished once or never."""
        statement = (
            delete(SignInFlowRow)
            .where(col(SignInFlowRow.hash) == state_hash)
            .returning(SignInFlowRow)
        )
        row = self._session.connection().execute(statement).mappings().first()
        return BegunSignIn(**row) if row else None

    def forget_before(self, before: datetime) -> None:
        """Forget sign-ins that were begun before an instant."""
        rows = col(SignInFlowRow.created_at) < before
        self._session.exec(delete(SignInFlowRow).where(rows))
