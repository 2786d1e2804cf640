"""Store what is to be sent to people outside; workers send it after the commit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import func
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select, update

from invo_booking.persistence.mapping import row_reader
from invo_booking.persistence.tables.core import OutboxRow

FIRST_DELAY = timedelta(minutes=1)
LONGEST_DELAY = timedelta(hours=1)
GIVE_UP_AFTER = timedelta(days=5)
FEWEST_TRIES = 10
"""Nothing is given up before, however long it was held or the worker was stopped."""

MAIL, NOTICE, CALENDAR, REMOVAL = "mail", "notice", "calendar", "removal"
"""Kinds of messages: a mail to a customer, one to administrators, a write of an
appointment to the host calendar as it is by then, the removal of an event there."""

LINKS = "links"
"""A mail with the links of all appointments of an address, if there are any by then."""

WITHDRAWAL = "withdrawal"
"""A mail that an appointment is not with an address any more. The payload has this
address until the message ends; none of the other mails waits for it."""

TOLD_BEFORE = "told_before"
"""Key of the payload of a mail that waits until its change cannot be undone any more:
what the customer was told before."""

MAILS = (MAIL, NOTICE, LINKS, WITHDRAWAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxMessage:
    """One thing to be sent.

    Attributes:
        message_id: Stable across attempts, so that a receiver can tell a repeat;
            without a domain, which is the sender's.
        payload: What to say, as plain JSON.
        useful_until: After this instant it is dropped instead of sent.
    """

    id: int
    kind: str
    appointment_id: UUID | None
    message_id: str
    payload: Mapping[str, Any]
    created_at: datetime
    useful_until: datetime | None
    attempts: int


class Outbox:
    """The outbox as one transaction sees it."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(
        self,
        kind: str,
        payload: Mapping[str, Any],
        *,
        now: datetime,
        wait: timedelta = timedelta(),
        appointment_id: UUID | None = None,
        useful_until: datetime | None = None,
    ) -> None:
        """Add a message; it is sent only if this transaction commits.

        Args:
            kind: Of the message.
            payload: What to say.
            now: The present instant.
            wait: How long no worker begins to send it.
            appointment_id: Which appointment it is about, if any.
            useful_until: After this instant it is dropped instead of sent.
        """
        self._session.add(
            OutboxRow(
                kind=kind,
                appointment_id=appointment_id,
                message_id=str(uuid4()),
                payload=dict(payload),
                created_at=now,
                due_at=now + wait,
                useful_until=useful_until,
            )
        )

    def take_back(self, appointment_id: UUID, now: datetime) -> Mapping[str, Any]:
        """End the mail about a change that nobody has begun to send.

        Returns:
            What its payload says under ``TOLD_BEFORE``: what the customer was told
            last. Empty if there is no such mail.
        """
        statement = update(OutboxRow).where(
            col(OutboxRow.appointment_id) == appointment_id,
            col(OutboxRow.kind) == MAIL,
            col(OutboxRow.state) == "open",
            col(OutboxRow.attempts) == 0,
            col(OutboxRow.payload)[TOLD_BEFORE].is_not(None),
        )
        ended: Any = statement.values(state="dropped", ended_at=now)
        returning = ended.returning(OutboxRow.id, OutboxRow.payload)
        rows: Any = self._session.connection().execute(returning).all()
        earliest = min(rows, key=lambda row: row.id, default=None)
        return earliest.payload[TOLD_BEFORE] if earliest else {}

    def lease(
        self, now: datetime, lease: timedelta, kinds: Sequence[str] = MAILS
    ) -> OutboxMessage | None:
        """Take the oldest due message, hidden from other workers for ``lease``.

        Messages of one kind about one appointment are sent in the order they were
        added; one kind never waits for another.
        """
        earlier = aliased(OutboxRow)
        blocked = (
            select(earlier.id)
            .where(earlier.appointment_id == OutboxRow.appointment_id)
            .where(earlier.kind == OutboxRow.kind)
            .where(col(earlier.id) < OutboxRow.id)
            .where(earlier.state == "open")
            .exists()
        )
        row = self._session.exec(
            select(OutboxRow)
            .where(OutboxRow.state == "open")
            .where(col(OutboxRow.kind).in_(kinds))
            .where(OutboxRow.due_at <= now)
            .where(~blocked)
            .order_by(col(OutboxRow.due_at), col(OutboxRow.id))
            .limit(1)
            .with_for_update(skip_locked=True)
        ).first()
        if row is None:
            return None
        row.due_at = now + lease
        row.attempts += 1
        self._session.add(row)
        return _message(row)

    def mark_sent(self, message: OutboxMessage, now: datetime) -> None:
        """Mark a message as sent."""
        self._end(message, "done", now, "")

    def drop(self, message: OutboxMessage, now: datetime) -> None:
        """End a message that would help nobody any more."""
        self._end(message, "dropped", now, "")

    def mark_failed(self, message: OutboxMessage, now: datetime, why: str) -> None:
        """End a message that can never be sent; staff are shown why."""
        self._end(message, "failed", now, why)

    def retry_later(self, message: OutboxMessage, now: datetime, why: str) -> None:
        """Try later: after one minute, then twice as long each time, up to an hour."""
        is_old = now - message.created_at > GIVE_UP_AFTER
        if is_old and message.attempts >= FEWEST_TRIES:
            self.mark_failed(message, now, why)
            return
        doubled = FIRST_DELAY * 2 ** min(message.attempts - 1, 10)
        self._update(
            message, due_at=now + min(doubled, LONGEST_DELAY), last_error=why[:300]
        )

    def postpone(self, message: OutboxMessage, until: datetime) -> None:
        """Put off a message that was not tried; this counts as no attempt."""
        self._update(message, due_at=until, attempts=OutboxRow.attempts - 1)

    def hold(
        self, now: datetime, until: datetime, why: str, kinds: Sequence[str] = MAILS
    ) -> None:
        """Put off all that is due and say why; this counts as no attempt."""
        due = update(OutboxRow).where(
            col(OutboxRow.state) == "open",
            col(OutboxRow.kind).in_(kinds),
            col(OutboxRow.due_at) <= now,
        )
        self._session.exec(due.values(due_at=until, last_error=why[:300]))

    def drop_open(self, kind: str, now: datetime) -> None:
        """End every open message of a kind that would help nobody any more."""
        statement = update(OutboxRow).where(
            col(OutboxRow.kind) == kind, col(OutboxRow.state) == "open"
        )
        self._session.exec(statement.values(state="dropped", ended_at=now))

    def drop_mails(self, appointment_id: UUID, now: datetime) -> None:
        """End the mails about an appointment that were not sent yet."""
        statement = update(OutboxRow).where(
            col(OutboxRow.appointment_id) == appointment_id,
            col(OutboxRow.kind) == MAIL,
            col(OutboxRow.state) == "open",
        )
        self._session.exec(statement.values(state="dropped", ended_at=now))

    def trouble(self, appointment_id: UUID) -> str:
        """Return why mail about an appointment did not go out, or nothing.

        What a later mail has told meanwhile is no trouble any more.
        """
        later = aliased(OutboxRow)
        told = (
            select(later.id)
            .where(later.appointment_id == OutboxRow.appointment_id)
            .where(later.kind == MAIL, later.state == "done")
            .where(col(later.id) > OutboxRow.id)
        )
        row = self._session.exec(
            select(OutboxRow)
            .where(OutboxRow.appointment_id == appointment_id)
            .where(OutboxRow.kind == MAIL)
            .where(~told.exists())
            .where(OutboxRow.last_error != "")
            .where(col(OutboxRow.state).in_(["open", "failed"]))
            .order_by(col(OutboxRow.id).desc())
            .limit(1)
        ).first()
        return row.last_error if row else ""

    def newest(self, kind: str, appointment_id: UUID) -> Mapping[str, Any]:
        """Return what the latest message of a kind about an appointment says.

        What was taken back or came too late to help was never said.
        """
        row = self._session.exec(
            select(OutboxRow)
            .where(OutboxRow.appointment_id == appointment_id, OutboxRow.kind == kind)
            .where(OutboxRow.state != "dropped")
            .order_by(col(OutboxRow.id).desc())
            .limit(1)
        ).first()
        return row.payload if row else {}

    def oldest_open(self, kinds: Sequence[str] = MAILS) -> datetime | None:
        """Return when the longest waiting message of these kinds was added."""
        statement = (
            select(func.min(OutboxRow.created_at))
            .where(OutboxRow.state == "open")
            .where(col(OutboxRow.kind).in_(kinds))
        )
        return self._session.exec(statement).one()

    def count_open(self, kind: str) -> int:
        """Return how many messages of a kind are still to be sent."""
        return self.count("open", (kind,))

    def count(self, state: str, kinds: Sequence[str] = MAILS) -> int:
        """Return how many messages of these kinds are in a state."""
        statement = (
            select(func.count())
            .select_from(OutboxRow)
            .where(OutboxRow.state == state)
            .where(col(OutboxRow.kind).in_(kinds))
        )
        return self._session.exec(statement).one()

    def removals_left(self, connection_id: UUID) -> int:
        """Return how many events of a connection are still to be removed."""
        statement = (
            select(func.count())
            .select_from(OutboxRow)
            .where(OutboxRow.state == "open", OutboxRow.kind == REMOVAL)
            .where(col(OutboxRow.payload)["connection"].astext == str(connection_id))
        )
        return self._session.exec(statement).one()

    def _end(self, message: OutboxMessage, state: str, now: datetime, why: str) -> None:
        values: dict[str, Any] = {"state": state, "ended_at": now}
        if message.kind == LINKS:
            values["payload"] = {}  # no appointment, whose purge would take it along
        if message.kind == WITHDRAWAL:
            values["payload"] = dict(message.payload) | {"to": ""}
        self._update(message, last_error=why[:300], **values)

    def _update(self, message: OutboxMessage, **values: Any) -> None:
        statement = update(OutboxRow).where(col(OutboxRow.id) == message.id)
        self._session.exec(statement.values(**values))


_message = row_reader(OutboxMessage)
