"""Mail servers that failed lately, and until when they are left alone."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, case
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, delete, update

from invo_booking.persistence.mapping import row_reader
from invo_booking.persistence.tables.upkeep import MailServerRow

FAILURES = 3
"""After so many in a row a server is left alone."""

FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(minutes=5)
TRIAL = timedelta(minutes=1)
"""How long one process alone tries a server again; longer than a letter may take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServerTrouble:
    """What is wrong with a mail server.

    Attributes:
        failures: How many mails in a row it failed over.
        problem: What the last one met with, in a sentence.
        paused_until: Until when it is left alone; ``None`` while it is still tried.
    """

    failures: int
    problem: str
    paused_until: datetime | None


_trouble = row_reader(MailServerTrouble)


class MailServers:
    """The mail servers as one transaction sees them."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def trouble(self, name: str) -> MailServerTrouble | None:
        """Return what is wrong with a server; nothing if its last mail was served."""
        row = self._session.get(MailServerRow, name, populate_existing=True)
        return None if row is None else _trouble(row)

    def claim(self, name: str, now: datetime) -> datetime | None:
        """Take the right to use a server.

        When a pause is over, one caller alone gets the right for ``TRIAL``.

        Returns:
            When to ask again; ``None`` if the server may be used now.
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
        if self._session.connection().execute(claimed).first() is not None:
            return None
        later = self.trouble(name)
        return later.paused_until if later else None

    def record_failure(self, name: str, problem: str, now: datetime) -> None:
        """Note that a server did not serve us, and leave it alone after a few times.

        A letter that was on its way when the pause began makes the pause no longer.
        """
        values = {"problem": problem[:300], "failed_at": now}
        statement = insert(MailServerRow).values(name=name, failures=1, **values)
        was_on_its_way = and_(
            col(MailServerRow.failures) >= FAILURES,
            col(MailServerRow.failed_at) > now - FIRST_PAUSE,
        )
        failures = case(
            (was_on_its_way, MailServerRow.failures), else_=MailServerRow.failures + 1
        )
        counted = statement.on_conflict_do_update(
            index_elements=["name"], set_={"failures": failures, **values}
        ).returning(col(MailServerRow.failures))
        count = self._session.connection().execute(counted).scalar_one()
        if count < FAILURES:
            return
        pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(count - FAILURES, 10))
        row = update(MailServerRow).where(col(MailServerRow.name) == name)
        self._session.exec(row.values(paused_until=now + pause))

    def record_success(self, name: str) -> None:
        """Note that a server served us: nothing is wrong with it."""
        self._session.exec(delete(MailServerRow).where(col(MailServerRow.name) == name))
