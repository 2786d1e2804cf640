"""Recognize whether the database is a copy of the database the product worked with."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text

from invo_booking.persistence.repository import Repository
from invo_booking.persistence.tables.upkeep import DatabaseIdentityRow

RESTORED_COPY = """
INSERT INTO public.database_identity (id, identity, since, backup_at)
VALUES (1, '', now(), '{backup_at}')
ON CONFLICT (id) DO UPDATE SET identity = '', since = now(), backup_at = '{backup_at}';
"""
"""SQL that marks a newly restored database as a copy. It is a copy even if the backup
was restored into the database from which the backup was made."""

_DATABASE = text("""
SELECT oid::text, has_function_privilege('pg_control_system()', 'EXECUTE')
FROM pg_database WHERE datname = current_database()
""")
_CLUSTER = text("SELECT system_identifier::text FROM pg_control_system()")


@dataclass(frozen=True, slots=True)
class CopyOrigin:
    """What is known about the origin of a copy.

    Attributes:
        backup_at: When the backup was made from which the copy was restored; ``None``
            if the copy was made by other means.
    """

    backup_at: datetime | None


class DatabaseIdentity(Repository):
    """The identity of the database, as one transaction sees it.

    The identity consists of the identifier of the PostgreSQL cluster, which standby
    servers share, and the number of the database in it. The database stores its own
    identity. In a database that was restored elsewhere or under another name, the
    stored identity differs from the actual identity.
    """

    def copy_origin(self) -> CopyOrigin | None:
        """Return the origin of the database if it is a copy, otherwise ``None``.

        A database that was never adopted is not a copy.
        """
        row = self._session.get(DatabaseIdentityRow, 1)
        if row is None or row.identity == self._current():
            return None
        return CopyOrigin(row.backup_at)

    def is_copy(self, now: datetime) -> bool:
        """Whether the database is a copy; adopts it if it was never adopted."""
        if self._session.get(DatabaseIdentityRow, 1) is None:
            self.adopt(now)
        return self.copy_origin() is not None

    def adopt(self, now: datetime) -> None:
        """Store the actual identity, so the database no longer counts as a copy."""
        values = {"identity": self._current(), "since": now, "backup_at": None}
        self._put(DatabaseIdentityRow, {"id": 1}, values)

    def backup_mark(self) -> str:
        """Return the mark of this database's backups, in hexadecimal.

        If the database role may not read the cluster's identifier, the mark is derived
        from the instant of the adoption instead. The number of the database alone would
        not suffice: databases of clusters that were created alike often have the same
        number.
        """
        cluster, number = self._cluster_and_number()
        if not cluster:
            row = self._session.get(DatabaseIdentityRow, 1)
            cluster = row.since.isoformat() if row else ""
        return hashlib.sha256(f"{cluster}:{number}".encode()).hexdigest()[:12]

    def _current(self) -> str:
        return ":".join(self._cluster_and_number())

    def _cluster_and_number(self) -> tuple[str, str]:
        number, may_ask = self._run(_DATABASE).one()
        cluster = self._run(_CLUSTER).scalar_one() if may_ask else ""
        return cluster, number
