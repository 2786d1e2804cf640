"""Record mail servers that failed recently and until when they are not tried."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, case
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, update

from invo_booking.persistence.mapping import row_reader
from invo_booking.persistence.repository import Repository
from invo_booking.persistence.tables.upkeep import MailServerRow

FAILURES = 3
"""Number of consecutive failures after which a server is not tried for a while."""

FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(minutes=5)
TRIAL = timedelta(minutes=1)
"""How long only one process may use a server after a pause; longer than one mail takes.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServerTrouble:
    """The recent failures of a mail server.

    Attributes:
        failures: Number of consecutive failed mails.
        problem: Why the last mail failed, as a sentence.
        paused_until: The server is not tried before this instant; ``None`` while mails
            are sent as usual.
    """

    failures: int
    problem: str
    paused_until: datetime | None


_trouble = row_reader(MailServerTrouble)


class MailServers(Repository):
    """Mail servers as one transaction sees them."""

    def trouble(self, name: str) -> MailServerTrouble | None:
        """Return a server's failures; ``None`` if the last mail was sent."""
        row = self._session.get(MailServerRow, name, populate_existing=True)
        return None if row is None else _trouble(row)

    def claim(self, name: str, now: datetime) -> datetime | None:
        """Take the right to use a server, unless it is paused.

        After a pause, only one caller gets this right, for ``TRIAL``.

        Returns:
            When to try again; ``None`` if the server may be used now.
        """
        seen = self.trouble(name)
        if seen is None or seen.paused_until is None:
            return None
        claimed = (
            update(MailServerRow)
            .where(col(MailServerRow.name) == name)
            .where(col(MailServerRow.paused_until) <= now)
            .values(paused_until=now + TRIAL)
            .returning(col(MailServerRow.name))
        )
        if self._run(claimed).first() is not None:
            return None
        later = self.trouble(name)
        return later.paused_until if later else None

    def record_failure(self, name: str, problem: str, now: datetime) -> None:
        """Record a failure of a server; pause the server after ``FAILURES`` in a row.

        If a mail was already being sent when a pause began, its failure does not extend
        the pause.
        """
        new = {"problem": problem[:300]}
        statement = insert(MailServerRow).values(
            name=name, failures=1, failed_at=now, **new
        )
        was_on_its_way = and_(
            col(MailServerRow.failures) >= FAILURES,
            col(MailServerRow.failed_at) > now - FIRST_PAUSE,
        )
        failures = case(
            (was_on_its_way, MailServerRow.failures), else_=MailServerRow.failures + 1
        )
        failed_at = case((was_on_its_way, MailServerRow.failed_at), else_=now)
        counted = statement.on_conflict_do_update(
            index_elements=["name"],
            set_={"failures": failures, "failed_at": failed_at, **new},
        ).returning(col(MailServerRow.failures), col(MailServerRow.failed_at))
        count, counted_at = self._run(counted).one()
        if count < FAILURES or counted_at < now:
            return
        pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(count - FAILURES, 10))
        self._change(
            MailServerRow, col(MailServerRow.name) == name, paused_until=now + pause
        )

    def record_success(self, name: str) -> None:
        """Record that a server accepted a mail; delete its failures."""
        self._delete(MailServerRow, col(MailServerRow.name) == name)
