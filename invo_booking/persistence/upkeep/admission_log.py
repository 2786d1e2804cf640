"""Count requests without sign-in, accepted or not.

All counts are in PostgreSQL, so that all web processes share them.
"""

from datetime import datetime, timedelta

from sqlalchemy import text
from sqlmodel import Session, col, delete

from invo_booking.persistence.tables.limits import AskedRow, SpentProofRow

_COUNT = text("""
INSERT INTO asked (who, what, asked_at, last_at)
VALUES (:who, :what, ARRAY[CAST(:now AS timestamptz)], :now)
ON CONFLICT (who, what) DO UPDATE SET last_at = excluded.last_at, asked_at = (
    SELECT array_agg(instant ORDER BY instant) FROM (
        SELECT instant FROM unnest(asked.asked_at || excluded.asked_at) AS instant
        WHERE instant > :since ORDER BY instant DESC LIMIT :most
    ) AS latest
)
RETURNING asked_at
""")
_COMMIT_LIGHTLY = text("SET LOCAL synchronous_commit = off")
_SPEND = text("""
INSERT INTO spent_proof (hash, used_for, expires_at)
VALUES (:hash, :used_for, :expires_at)
ON CONFLICT (hash) DO UPDATE SET used_for = spent_proof.used_for
WHERE spent_proof.used_for = excluded.used_for
RETURNING hash
""")


class AdmissionLog:
    """Times of requests, and used proofs of work."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def commit_lightly(self) -> None:
        """Commit without waiting for the disk: losing a count in a crash is harmless.

        Only for transactions that do nothing but count.
        """
        self._session.connection().execute(_COMMIT_LIGHTLY)

    def count(
        self, who: str, what: str, *, now: datetime, within: timedelta, most: int
    ) -> list[datetime]:
        """Count a request; return the latest instants, this one included.

        Uses one statement that waits for others that count the same, so that concurrent
        callers get different numbers.

        Args:
            who: Keyed digest of the caller or of the requested contact.
            what: Name of the count.
            within: Period that matters.
            most: Number of instants that matter; older ones are deleted.
        """
        values = {"who": who, "what": what, "now": now, "since": now - within}
        result = self._session.connection().execute(_COUNT, {**values, "most": most})
        return list(result.scalar_one())

    def look(self, who: str, what: str, since: datetime) -> list[datetime]:
        """Return the instants counted after one, without counting."""
        row = self._session.get(AskedRow, (who, what))
        return [instant for instant in row.asked_at if instant > since] if row else []

    def spend(self, proof_hash: str, used_for: str, expires_at: datetime) -> bool:
        """Use a proof; return whether it was unused, or used for the same purpose."""
        values = {"hash": proof_hash, "used_for": used_for, "expires_at": expires_at}
        return self._session.connection().execute(_SPEND, values).first() is not None

    def forget(self, now: datetime, within: timedelta) -> None:
        """Delete old counts and expired proofs."""
        old = col(AskedRow.last_at) < now - within
        self._session.exec(delete(AskedRow).where(old))
        ended = col(SpentProofRow.expires_at) <= now
        self._session.exec(delete(SpentProofRow).where(ended))
