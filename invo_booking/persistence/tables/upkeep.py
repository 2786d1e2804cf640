"""Define tables of failing servers and tasks, usual amounts, and database identity."""

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlmodel import Field

from invo_booking.persistence.tables.core import TableRow
from invo_booking.persistence.tables.types import UtcDateTime


class MailServerRow(TableRow, table=True):
    """A mail server that failed recently; the row is deleted when it works again."""

    name: str = Field(primary_key=True, max_length=300)
    """Host and port."""

    failures: int
    """Number of consecutive failures."""

    problem: str = Field(max_length=300)
    failed_at: datetime = Field(sa_type=UtcDateTime)
    paused_until: datetime | None = Field(default=None, sa_type=UtcDateTime)


class PeriodicTaskRow(TableRow, table=True):
    """The last successful run of a periodic task, and the runs since then."""

    task: str = Field(primary_key=True, max_length=40)
    succeeded_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    unsuccessful: int
    """Number of runs that have begun since the last successful run."""

    unsuccessful_since: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """When the first run after the last successful one began."""

    error: str = Field(max_length=80)
    """Class of the last error, without its message, which may name customers."""

    alarmed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class UsualAmountRow(TableRow, table=True):
    """How many changes at once an operator declared usual, for one kind of change."""

    kind: str = Field(primary_key=True, max_length=12)
    most: int
    set_at: datetime = Field(sa_type=UtcDateTime)


class DatabaseIdentityRow(TableRow, table=True):
    """The identity of the database that the product works with.

    A copy of the database contains this row too, but the identifiers in the row are
    those of the original.
    """

    __table_args__ = (CheckConstraint("id = 1", name="only_one_identity"),)

    id: int = Field(default=1, primary_key=True)
    identity: str = Field(max_length=60)
    """Identifiers of the cluster and of the database in it; empty after a restore."""

    since: datetime = Field(sa_type=UtcDateTime)
    backup_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """Time of the backup from which this database was restored."""
