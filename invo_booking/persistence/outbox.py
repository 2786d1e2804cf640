"""Store mails and calendar writes as messages, which workers send after the commit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Exists, bindparam, func, or_
from sqlalchemy import select as select_columns
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from invo_booking.persistence.mail_failures import without_addresses
from invo_booking.persistence.mapping import row_reader
from invo_booking.persistence.repository import Repository
from invo_booking.persistence.tables.core import OutboxRow, table_of

FIRST_DELAY = timedelta(minutes=1)
LONGEST_DELAY = timedelta(hours=1)
GIVE_UP_AFTER = timedelta(days=5)
FEWEST_TRIES = 10
"""Fewest attempts before a message is given up, however old it is."""

MAIL, NOTICE, CALENDAR, REMOVAL = "mail", "notice", "calendar", "removal"
"""Kinds of messages: a mail to a customer, a mail to administrators, a write of an
appointment's current state to the host calendar, and the removal of an event from the
host calendar."""

LINKS = "links"
"""Kind of a mail with the links to all appointments of an e-mail address. If the
address has no live appointments at the time of sending, no mail is sent."""

SEALED_ADDRESS = "sealed_address"
"""Payload key of the recipient's sealed address, in a mail with links."""

WITHDRAWAL = "withdrawal"
"""Kind of a mail saying that an appointment no longer belongs to an e-mail address. The
payload contains this address until the message is sent, dropped or failed. Other kinds
of mails do not wait for this mail."""

LAST_MAILED = "last_mailed"
"""Payload key of the values in the last mail that the customer got. A mail has this key
if it waits until its change can no longer be undone."""

MAILS = (MAIL, NOTICE, LINKS, WITHDRAWAL)

WITHOUT_APPOINTMENT = (NOTICE, LINKS)
"""Kinds of mails that are about no appointment."""

LINK, ADMINISTRATOR = "link", "administrator"
"""Payload keys of a notice: the id of the mail's link to set a password, and the id of
the administrator who gets the mail."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxMessage:
    """One outgoing message.

    Attributes:
        message_id: Message-ID of a mail, without the sender's domain. The same for all
            attempts, so that a receiver can recognize a repeated mail.
        payload: Contents as JSON values.
        useful_until: After this instant the message is dropped instead of sent;
            ``None`` for never.
    """

    id: int
    kind: str
    appointment_id: UUID | None
    message_id: str
    payload: Mapping[str, Any]
    created_at: datetime
    useful_until: datetime | None
    attempts: int


class Outbox(Repository):
    """The outbox as one transaction sees it."""

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
            kind: Kind of the message.
            payload: Contents as JSON values.
            wait: How long workers must wait before they send the message.
            appointment_id: The appointment the message is about, if any.
            useful_until: After this instant the message is dropped instead of sent.
        """
        self._run(
            _ADD,
            kind=kind,
            appointment_id=appointment_id,
            message_id=str(uuid4()),
            payload=payload,
            created_at=now,
            due_at=now + wait,
            useful_until=useful_until,
        )

    def take_back(self, appointment_id: UUID, now: datetime) -> Mapping[str, Any]:
        """Withdraw waiting mails about changes, unless a worker has tried to send them.

        Returns:
            The values that the customer was mailed before these changes:
            ``LAST_MAILED`` in the earliest withdrawn mail. Empty if no mail was
            withdrawn.
        """
        rows = self._run(_TAKE_BACK, whose=appointment_id, now=now).all()
        earliest = min(rows, key=lambda row: row.id, default=None)
        return earliest.payload[LAST_MAILED] if earliest else {}

    def lease(
        self, now: datetime, lease: timedelta, kinds: Sequence[str] = MAILS
    ) -> OutboxMessage | None:
        """Return the longest-due message, and hide it from other workers for ``lease``.

        Messages of the same kind about the same appointment are sent in the order in
        which they were added. Messages of different kinds do not wait for each other.

        Returns:
            ``None`` if no message is due.
        """
        row = self._session.exec(
            select(OutboxRow)
            .where(OutboxRow.state == "open")
            .where(col(OutboxRow.kind).in_(kinds))
            .where(OutboxRow.due_at <= now)
            .where(~_earlier_message())
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
        """Drop a message that is no longer useful."""
        self._end(message, "dropped", now, "")

    def mark_failed(self, message: OutboxMessage, now: datetime, why: str) -> None:
        """Mark a message as failed for good; staff see the reason."""
        self._end(message, "failed", now, why)

    def retry_later(self, message: OutboxMessage, now: datetime, why: str) -> None:
        """Retry after one minute, then after twice as long each time, up to an hour.

        Marks the message as failed if it is too old and was tried often enough.
        """
        is_old = now - message.created_at > GIVE_UP_AFTER
        if is_old and message.attempts >= FEWEST_TRIES:
            self.mark_failed(message, now, why)
            return
        doubled = FIRST_DELAY * 2 ** min(message.attempts - 1, 10)
        due_at = now + min(doubled, LONGEST_DELAY)
        self._update(message, due_at=due_at, last_error=without_addresses(why))

    def postpone(self, message: OutboxMessage, until: datetime) -> None:
        """Postpone a leased message that was not tried; do not count an attempt."""
        self._update(message, due_at=until, attempts=OutboxRow.attempts - 1)

    def hold(
        self, now: datetime, until: datetime, why: str, kinds: Sequence[str] = MAILS
    ) -> None:
        """Postpone all due messages, with a reason; no attempt is counted."""
        self._change(
            OutboxRow,
            col(OutboxRow.state) == "open",
            col(OutboxRow.kind).in_(kinds),
            col(OutboxRow.due_at) <= now,
            due_at=until,
            last_error=why[:300],
        )

    def lock_open_payloads(self, kind: str) -> dict[int, Mapping[str, Any]]:
        """Return the payloads of the open messages of a kind, and lock the messages."""
        rows = self._run(_LOCK_PAYLOADS, kind=kind)
        return {row.id: row.payload for row in rows}

    def replace_payload(self, number: int, payload: Mapping[str, Any]) -> None:
        """Replace the contents of a message."""
        self._change(OutboxRow, col(OutboxRow.id) == number, payload=payload)

    def drop_open(self, kind: str, now: datetime) -> None:
        """Drop all open messages of a kind."""
        values = {"state": "dropped", "ended_at": now, **_without_address(kind)}
        self._change(
            OutboxRow,
            col(OutboxRow.kind) == kind,
            col(OutboxRow.state) == "open",
            **values,
        )

    def drop_mails(self, appointment_id: UUID, now: datetime) -> None:
        """Drop the unsent mails about an appointment."""
        self._change(
            OutboxRow,
            col(OutboxRow.appointment_id) == appointment_id,
            col(OutboxRow.kind) == MAIL,
            col(OutboxRow.state) == "open",
            state="dropped",
            ended_at=now,
        )

    def trouble(self, appointment_id: UUID) -> str:
        """Return why the last mail about an appointment failed; empty if none failed.

        A failure is ignored if a later mail was sent.
        """
        later = aliased(OutboxRow)
        pending = (
            select(later.id)
            .where(later.appointment_id == OutboxRow.appointment_id)
            .where(later.kind == MAIL, later.state == "done")
            .where(col(later.id) > OutboxRow.id)
        )
        row = self._session.exec(
            select(OutboxRow)
            .where(OutboxRow.appointment_id == appointment_id)
            .where(OutboxRow.kind == MAIL)
            .where(~pending.exists())
            .where(OutboxRow.last_error != "")
            .where(col(OutboxRow.state).in_(["open", "failed"]))
            .order_by(col(OutboxRow.id).desc())
            .limit(1)
        ).first()
        return row.last_error if row else ""

    def newest(self, kind: str, appointment_id: UUID) -> Mapping[str, Any]:
        """Return the payload of the latest message of a kind about an appointment.

        Ignores messages that were withdrawn or dropped.
        """
        return self._run(_NEWEST, whose=appointment_id, kind=kind).scalar() or {}

    def oldest_open(self, kinds: Sequence[str] = MAILS) -> datetime | None:
        """Return when the oldest open message of these kinds was added."""
        statement = (
            select(func.min(OutboxRow.created_at))
            .where(OutboxRow.state == "open")
            .where(col(OutboxRow.kind).in_(kinds))
        )
        return self._session.exec(statement).one()

    def oldest_kept_waiting(self, late_before: datetime) -> datetime | None:
        """Return when the oldest mail was added that still waits for a worker.

        Ignores mails that wait for an earlier mail. A mail that was already tried
        counts only if its next attempt is late.

        Args:
            late_before: An attempt that was due before this instant is late.
        """
        statement = (
            select(func.min(OutboxRow.created_at))
            .where(OutboxRow.state == "open")
            .where(col(OutboxRow.kind).in_(MAILS))
            .where(
                or_(col(OutboxRow.attempts) == 0, col(OutboxRow.due_at) < late_before)
            )
            .where(~_earlier_message())
        )
        return self._session.exec(statement).one()

    def count_refused(self) -> int:
        """Return the number of open mails that were tried and are to be tried again."""
        return self._count(
            OutboxRow,
            OutboxRow.state == "open",
            col(OutboxRow.kind).in_(MAILS),
            OutboxRow.attempts > 0,
            OutboxRow.last_error != "",
        )

    def count_open(self, kind: str) -> int:
        """Return the number of open messages of a kind."""
        return self.count("open", (kind,))

    def count(self, state: str, kinds: Sequence[str] = MAILS) -> int:
        """Return the number of messages of these kinds in a state."""
        of_kinds = col(OutboxRow.kind).in_(kinds)
        return self._count(OutboxRow, OutboxRow.state == state, of_kinds)

    def _end(self, message: OutboxMessage, state: str, now: datetime, why: str) -> None:
        values = {"state": state, "ended_at": now, **_without_address(message.kind)}
        self._update(message, last_error=without_addresses(why), **values)

    def _update(self, message: OutboxMessage, **values: Any) -> None:
        self._change(OutboxRow, col(OutboxRow.id) == message.id, **values)


def _earlier_message() -> Exists:
    """Return the condition that an earlier message must be sent first."""
    earlier = aliased(OutboxRow)
    return (
        select(earlier.id)
        .where(earlier.appointment_id == OutboxRow.appointment_id)
        .where(earlier.kind == OutboxRow.kind)
        .where(col(earlier.id) < OutboxRow.id)
        .where(earlier.state == "open")
        .exists()
    )


def _without_address(kind: str) -> dict[str, Any]:
    """Return column values that remove the e-mail address from an ended message.

    A mail about an appointment keeps its payload and is purged with the appointment. Of
    a mail about no appointment, only the ids of the link and of the administrator are
    kept.
    """
    payload = col(OutboxRow.payload)
    if kind in WITHOUT_APPOINTMENT:
        ids = func.jsonb_build_object(
            LINK, payload[LINK], ADMINISTRATOR, payload[ADMINISTRATOR]
        )
        return {"payload": func.jsonb_strip_nulls(ids)}
    return {"payload": payload.op("||")({"to": ""})} if kind == WITHDRAWAL else {}


_message = row_reader(OutboxMessage)
_ADD = (
    table_of(OutboxRow)
    .insert()
    .inline()
    .values(state="open", attempts=0, last_error="")
)
_COLUMNS = table_of(OutboxRow).columns
_TAKE_BACK = (
    table_of(OutboxRow)
    .update()
    .where(
        _COLUMNS.appointment_id == bindparam("whose"),
        _COLUMNS.kind == MAIL,
        _COLUMNS.state == "open",
        _COLUMNS.attempts == 0,
        _COLUMNS.payload[LAST_MAILED].is_not(None),
    )
    .values(state="dropped", ended_at=bindparam("now"))
    .returning(_COLUMNS.id, _COLUMNS.payload)
)
_NEWEST = (
    select_columns(_COLUMNS.payload)
    .where(_COLUMNS.appointment_id == bindparam("whose"))
    .where(_COLUMNS.kind == bindparam("kind"), _COLUMNS.state != "dropped")
    .order_by(_COLUMNS.id.desc())
    .limit(1)
)
_LOCK_PAYLOADS = (
    select_columns(_COLUMNS.id, _COLUMNS.payload)
    .where(_COLUMNS.kind == bindparam("kind"), _COLUMNS.state == "open")
    .with_for_update()
)
