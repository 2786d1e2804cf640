"""Tables of failed mail servers and of usual amounts."""

from datetime import datetime

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


class UsualAmountRow(TableRow, table=True):
    """The amount that an operator declared usual, by action."""

    kind: str = Field(primary_key=True, max_length=12)
    most: int
    set_at: datetime = Field(sa_type=UtcDateTime)
