"""Count requests of callers who are not signed in, whether accepted or refused.

The counts are in PostgreSQL, so that all web processes share them.
"""

from datetime import datetime, timedelta

from sqlalchemy import text
from sqlmodel import col

from invo_booking.persistence.repository import Repository
from invo_booking.persistence.tables.limits import RequestCountRow, SpentProofRow

_COUNT = text("""
INSERT INTO request_count AS counted
  (subject, purpose, requested_at, last_requested_at)
VALUES (:subject, :purpose, ARRAY[CAST(:now AS timestamptz)], :now)
ON CONFLICT (subject, purpose) DO UPDATE SET
  last_requested_at = excluded.last_requested_at,
  requested_at = (
    SELECT array_agg(instant ORDER BY instant) FROM (
      SELECT instant
      FROM unnest(counted.requested_at || excluded.requested_at) AS instant
      WHERE instant > :since ORDER BY instant DESC LIMIT :most
    ) AS latest
  )
RETURNING requested_at
""")
_COMMIT_LIGHTLY = text("SET LOCAL synchronous_commit = off")
_SPEND = text("""
INSERT INTO spent_proof (hash, used_for, expires_at)
VALUES (:hash, :used_for, :expires_at)
ON CONFLICT (hash) DO UPDATE SET used_for = spent_proof.used_for
WHERE spent_proof.used_for = excluded.used_for
RETURNING hash
""")


class AdmissionLog(Repository):
    """Times of requests, and used proofs of work."""

    def commit_lightly(self) -> None:
        """Have the transaction commit without waiting for the disk.

        Only for transactions that do nothing but count requests, because a crash can
        lose the transaction.
        """
        self._run(_COMMIT_LIGHTLY)

    def count(
        self, subject: str, purpose: str, *, now: datetime, within: timedelta, most: int
    ) -> list[datetime]:
        """Count a request; return the times of the latest requests, including this one.

        Waits for concurrent calls with the same subject and purpose, so that each
        result includes all earlier requests.

        Args:
            subject: Keyed digest of the caller or of the requested contact.
            purpose: Name of what is counted.
            within: How long a request counts.
            most: Largest number of requests to keep; older requests are deleted.
        """
        values = {
            "subject": subject,
            "purpose": purpose,
            "now": now,
            "since": now - within,
        }
        result = self._run(_COUNT, **values, most=most)
        return list(result.scalar_one())

    def look(self, subject: str, purpose: str, since: datetime) -> list[datetime]:
        """Return the times of requests counted after an instant; count nothing."""
        row = self._session.get(RequestCountRow, (subject, purpose))
        return (
            [instant for instant in row.requested_at if instant > since] if row else []
        )

    def spend(self, proof_hash: str, used_for: str, expires_at: datetime) -> bool:
        """Use a proof of work; return ``False`` if another submission has used it."""
        return (
            self._run(
                _SPEND, hash=proof_hash, used_for=used_for, expires_at=expires_at
            ).first()
            is not None
        )

    def forget(self, now: datetime, within: timedelta) -> None:
        """Delete old counts and expired proofs."""
        self._delete(
            RequestCountRow, col(RequestCountRow.last_requested_at) < now - within
        )
        self._delete(SpentProofRow, col(SpentProofRow.expires_at) <= now)
