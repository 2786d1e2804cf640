"""What is asked without a sign-in, counted whatever becomes of it.

PostgreSQL alone is asked, so that all web processes count together.
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
_SPEND = text("""
INSERT INTO spent_proof (hash, used_for, expires_at)
VALUES (:hash, :used_for, :expires_at)
ON CONFLICT (hash) DO UPDATE SET used_for = spent_proof.used_for
WHERE spent_proof.used_for = excluded.used_for
RETURNING hash
""")


class AdmissionLog:
    """Who asked when, and which proofs of work were used."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def commit_lightly(self) -> None:
        """Let the commit not wait for the disk: a count lost in a crash does no harm.

        Only for a transaction that does nothing but count.
        """
        self._session.connection().execute(text("SET LOCAL synchronous_commit = off"))

    def count(
        self, who: str, what: str, *, now: datetime, within: timedelta, most: int
    ) -> list[datetime]:
        """Count one more; return the latest instants, this one included.

        One statement, which waits for others that count the same: of any number at the
        same time each is told another number.

        Args:
            who: Keyed digest of who asks or is asked for.
            what: What is counted apart.
            now: The present instant.
            within: How far back it matters.
            most: How many instants matter; no more are kept.
        """
        values = {"who": who, "what": what, "now": now, "since": now - within}
        result = self._session.connection().execute(_COUNT, {**values, "most": most})
        return list(result.scalar_one())

    def look(self, who: str, what: str, since: datetime) -> list[datetime]:
        """Return the instants counted after one. Counts nothing."""
        row = self._session.get(AskedRow, (who, what))
        return [instant for instant in row.asked_at if instant > since] if row else []

    def spend(self, proof_hash: str, used_for: str, expires_at: datetime) -> bool:
        """Use a proof; return whether it was unused, or used for the very same."""
        values = {"hash": proof_hash, "used_for": used_for, "expires_at": expires_at}
        return self._session.connection().execute(_SPEND, values).first() is not None

    def forget(self, now: datetime, within: timedelta) -> None:
        """Forget who last asked longer ago than that, and proofs that expired."""
        old = col(AskedRow.last_at) < now - within
        self._session.exec(delete(AskedRow).where(old))
        ended = col(SpentProofRow.expires_at) <= now
        self._session.exec(delete(SpentProofRow).where(ended))
