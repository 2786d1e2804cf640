"""Tables of what workers know: mail servers in trouble, and how much is usual."""

from datetime import datetime

from sqlmodel import Field

from invo_booking.persistence.tables.core import TableRow
from invo_booking.persistence.tables.types import UtcDateTime


class MailServerRow(TableRow, table=True):
    """A mail server that failed lately; the row goes when it serves again."""

    name: str = Field(primary_key=True, max_length=300)
    """Host and port."""

    failures: int
    """In a row."""

    problem: str = Field(max_length=300)
    failed_at: datetime = Field(sa_type=UtcDateTime)
    paused_until: datetime | None = Field(default=None, sa_type=UtcDateTime)


class UsualAmountRow(TableRow, table=True):
    """How much at once an operator said is usual, by what is done to it."""

    kind: str = Field(primary_key=True, max_length=12)
    most: int
    set_at: datetime = Field(sa_type=UtcDateTime)
