"""Define tables about single branches."""

from datetime import date
from uuid import UUID

from sqlmodel import Field

from invo_booking.persistence.tables.core import TableRow
from invo_booking.persistence.tables.types import translations_column


class BranchHolidayRow(TableRow, table=True):
    """A date on which a branch is closed, in addition to the institution's dates."""

    branch_id: UUID = Field(
        primary_key=True, foreign_key="branch.id", ondelete="CASCADE"
    )
    day: date = Field(primary_key=True)
    name: str = Field(max_length=120)
    translations: dict[str, dict[str, str]] = translations_column()
