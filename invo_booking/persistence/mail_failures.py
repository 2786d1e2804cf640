"""Find appointments whose mail failed, and clean the reasons that servers give."""

import re
from uuid import UUID

from sqlalchemy import bindparam, select

from invo_booking.persistence.repository import Repository
from invo_booking.persistence.tables.core import OutboxRow, table_of

_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"']+@[^\s<>()\[\],;:\"']+")


class MailFailures(Repository):
    """The mails that failed for good, as one transaction sees them."""

    def appointments(self, most: int) -> list[UUID]:
        """Return the ids of appointments whose last mail failed for good.

        An appointment is left out if a later mail about it waits or was sent.
        """
        return list(self._run(_UNDELIVERED, most=most).scalars())


def without_addresses(why: str) -> str:
    """Return a mail server's error message without e-mail addresses."""
    return _ADDRESS.sub("\N{HORIZONTAL ELLIPSIS}", why)[:300]


_MAIL = "mail"
_COLUMNS = table_of(OutboxRow).columns
_LATER = table_of(OutboxRow).alias()
_UNDELIVERED = (
    select(_COLUMNS.appointment_id)
    .where(_COLUMNS.state == "failed", _COLUMNS.kind == _MAIL)
    .where(_COLUMNS.appointment_id.is_not(None))
    .where(
        ~select(_LATER.columns.id)
        .where(_LATER.columns.appointment_id == _COLUMNS.appointment_id)
        .where(_LATER.columns.kind == _MAIL, _LATER.columns.id > _COLUMNS.id)
        .where(_LATER.columns.state.in_(["open", "done", "failed"]))
        .exists()
    )
    .order_by(_COLUMNS.id.desc())
    .limit(bindparam("most"))
)
