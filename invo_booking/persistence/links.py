"""Store customers' secret links and used idempotency keys, both as hashes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, text
from sqlalchemy import select as select_columns
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from invo_booking.domain.errors import IdempotencyMismatchError
from invo_booking.persistence.repository import Repository
from invo_booking.persistence.tables.core import table_of
from invo_booking.persistence.tables.links import (
    EndedLinkRow,
    IdempotencyRow,
    LinkTokenRow,
)

SUBMIT_LOCKS = 7_006
_LOCK_SUBMIT = text("SELECT pg_advisory_xact_lock(:locks, hashtext(:key))")
_ADD_LINKS = text("""
INSERT INTO link_token (hash, purpose, appointment_id, created_at)
SELECT hash, purpose, :owner, :now
FROM unnest(CAST(:hashes AS text[]), CAST(:purposes AS text[])) AS link (hash, purpose)
ON CONFLICT DO NOTHING
""")


@dataclass(frozen=True, slots=True)
class AnsweredSubmission:
    """The stored response to a request with an idempotency key.

    Attributes:
        fingerprint: Digest of the request.
        made: Id of the created object, or a value saying that the key is reserved.
    """

    fingerprint: str
    made: str


class Links(Repository):
    """Customers' secret links as one transaction sees them."""

    def add(self, owner: UUID, hashes: Mapping[str, str], now: datetime) -> None:
        """Add links of an appointment, in one statement. Idempotent.

        Args:
            owner: The appointment.
            hashes: Hash of each link's secret, by purpose of the link.
            now: When the links are made.
        """
        links = {"purposes": list(hashes), "hashes": list(hashes.values())}
        self._run(_ADD_LINKS, owner=owner, now=now, **links)

    def opens(self, token_hash: str, purpose: str) -> UUID | None:
        """Return the appointment that a link opens for a purpose; ``None`` if none."""
        row = self._session.get(LinkTokenRow, token_hash)
        return row.appointment_id if row and row.purpose == purpose else None

    def has_ended(self, token_hash: str) -> bool:
        """Whether a link belonged to an appointment that has been purged."""
        return self._session.get(EndedLinkRow, token_hash) is not None

    def owners(self, appointments: Iterable[UUID], purpose: str) -> set[UUID]:
        """Return which of these appointments have a link for a purpose."""
        owner = col(LinkTokenRow.appointment_id)
        statement = (
            select(owner)
            .where(owner.in_(appointments))
            .where(LinkTokenRow.purpose == purpose)
        )
        return set(self._session.exec(statement))

    def hashes(self, appointment: UUID, purpose: str) -> set[str]:
        """Return the hashes of an appointment's links for a purpose."""
        statement = (
            select(col(LinkTokenRow.hash))
            .where(LinkTokenRow.appointment_id == appointment)
            .where(LinkTokenRow.purpose == purpose)
        )
        return set(self._session.exec(statement))

    def revoke(self, appointment: UUID, purposes: Iterable[str]) -> None:
        """Invalidate an appointment's links for these purposes."""
        self._delete(
            LinkTokenRow,
            col(LinkTokenRow.appointment_id) == appointment,
            col(LinkTokenRow.purpose).in_(list(purposes)),
        )


class Submits(Repository):
    """Idempotency keys as one transaction sees them."""

    def find(self, key_hash: str) -> AnsweredSubmission | None:
        """Return the response stored for a key; ``None`` if the key is unknown."""
        row = self._run(_FIND, key=key_hash).first()
        return AnsweredSubmission(*row) if row else None

    def lock(self, key: str) -> None:
        """Lock a key until the commit."""
        self._run(_LOCK_SUBMIT, locks=SUBMIT_LOCKS, key=key)

    def answer(self, key_hash: str, made: str) -> None:
        """Store the object created with a key that was reserved before."""
        self._change(
            IdempotencyRow, col(IdempotencyRow.key_hash) == key_hash, made=made
        )

    def take_back(self, key_hash: str) -> None:
        """Delete a reserved key with which nothing was created."""
        self._delete(IdempotencyRow, col(IdempotencyRow.key_hash) == key_hash)

    def forget(self, before: datetime) -> None:
        """Delete the stored responses of keys first used before an instant."""
        self._delete(IdempotencyRow, col(IdempotencyRow.created_at) < before)

    def add(
        self,
        key_hash: str,
        fingerprint: str,
        appointment_id: UUID | None,
        now: datetime,
        *,
        made: str,
    ) -> None:
        """Store the response to a request with a key.

        Waits for another transaction that is adding the same key.

        Args:
            key_hash: Hash of the key.
            fingerprint: Digest of the request.
            appointment_id: Appointment whose deletion also deletes the stored response;
                may be ``None``.
            now: When the key is used.
            made: Id of the created object.

        Raises:
            IdempotencyMismatchError: If a response is already stored for the key.
        """
        added = self._run(
            _ANSWER,
            key_hash=key_hash,
            fingerprint=fingerprint,
            appointment_id=appointment_id,
            created_at=now,
            made=made,
        )
        if added.first() is None:
            raise IdempotencyMismatchError


_SUBMITS = table_of(IdempotencyRow).columns
_ANSWER = (
    insert(table_of(IdempotencyRow))
    .on_conflict_do_nothing()
    .returning(_SUBMITS.key_hash)
)
_FIND = select_columns(_SUBMITS.fingerprint, _SUBMITS.made).where(
    _SUBMITS.key_hash == bindparam("key")
)
