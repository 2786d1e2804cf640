"""Find, add and change appointments; changes use compare-and-set."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import (
    ColumnElement,
    CursorResult,
    Executable,
    bindparam,
    case,
    false,
    func,
    literal,
    text,
    type_coerce,
)
from sqlalchemy import Interval as IntervalType
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, and_, col, or_, select, update

from invo_booking.domain import contact
from invo_booking.domain.appointment import LIVE, Appointment, Customer, Status
from invo_booking.domain.errors import NotFoundError, OvertakenError, SlotTakenError
from invo_booking.domain.interval import Interval
from invo_booking.persistence.mapping import (
    MINUTE,
    columns_of,
    minutes_reader,
    row_reader,
)
from invo_booking.persistence.tables.core import (
    LIVE_ROWS,
    NO_DOUBLE_BOOKING,
    AppointmentRow,
    OutboxRow,
    table_of,
)
from invo_booking.persistence.tables.types import UtcDateTime
from invo_booking.persistence.wall_times import wall_columns, wall_columns_for_update
from invo_booking.texts import say

TELLS_THE_TIME = ("confirmed", "changed")
"""Kinds of mails that state the appointment's time. If such a mail was added after a
reminder was due, the reminder is not sent."""

LIVE_NAMES = [status.value for status in LIVE]
WORTH_SHOWING = [
    *LIVE_NAMES,
    Status.COMPLETED.value,
    Status.ENDED.value,
    Status.NO_SHOW.value,
]


class Appointments:
    """The appointments as one transaction sees them."""

    def __init__(
        self,
        session: Session,
        clock_of: Callable[[Appointment], ZoneInfo],
        share_roster: Callable[[], None],
    ) -> None:
        """Create the repository.

        Args:
            clock_of: Returns the zone in which an appointment's time is agreed.
            share_roster: Called before each change; see ``UnitOfWork.share_roster``.
        """
        self._session, self._clock_of = session, clock_of
        self._share_roster = share_roster

    def get(self, appointment_id: UUID) -> Appointment:
        """Return one appointment.

        Raises:
            NotFoundError: If there is no appointment with this id.
        """
        appointment = self.find(appointment_id)
        if appointment is None:
            raise NotFoundError(say("refusals.appointments.gone"))
        return appointment

    def find(self, appointment_id: UUID, *, hold: bool = False) -> Appointment | None:
        """Return one appointment; ``None`` after it was purged.

        Args:
            hold: Whether to lock the appointment until the commit.
        """
        statement = _HELD if hold else _ONE
        rows = self._session.connection().execute(statement, {"wanted": appointment_id})
        row = rows.one_or_none()
        return None if row is None else _appointment(row)

    def with_ids(self, ids: Iterable[UUID]) -> dict[UUID, Appointment]:
        """Return the appointments with these ids, by id, except purged ones."""
        return {it.id: it for it in self._list(col(AppointmentRow.id).in_(ids))}

    def add(self, appointment: Appointment) -> None:
        """Add an appointment.

        Raises:
            SlotTakenError: If the agent has another live appointment that overlaps.
        """
        self.add_all([appointment])

    def add_all(self, appointments: Iterable[Appointment]) -> None:
        """Add many appointments at once.

        Raises:
            SlotTakenError: If an agent would have two live appointments that overlap.
        """
        rows = [self._row(it) for it in appointments]
        if rows:
            self._run(_ADD, rows)

    def save(self, appointment: Appointment) -> Appointment:
        """Store the new state of an appointment and return it with its new version.

        Compare-and-set on ``version``: of two changes to the same state, only one
        succeeds. The stored wall time stays unless the start or the branch changes.

        Raises:
            OvertakenError: If another transaction changed the appointment first.
            SlotTakenError: If the agent has another live appointment that overlaps.
        """
        stored = replace(appointment, version=appointment.version + 1)
        new = {f"new_{key}": value for key, value in self._row(stored).items()}
        seen = {"seen_id": appointment.id, "seen_version": appointment.version}
        if self._run(_SAVE, new | seen).rowcount != 1:
            raise OvertakenError
        return stored

    def _row(self, appointment: Appointment) -> dict[str, Any]:
        return _columns(appointment) | wall_columns(
            appointment, self._clock_of(appointment)
        )

    def _run(self, statement: Executable, values: Any) -> CursorResult[Any]:
        self._share_roster()
        try:
            return self._session.connection().execute(statement, values)
        except IntegrityError as error:
            raise _explain_error(error) from error

    def live_between(self, window: Interval) -> list[Appointment]:
        """Return live appointments that overlap the window, earliest first."""
        return self._list(
            col(AppointmentRow.status).in_(LIVE_NAMES),
            AppointmentRow.starts_at < window.end,
            AppointmentRow.ends_at > window.start,
        )

    def confirmed_of_agent(self, agent_id: UUID, now: datetime) -> list[UUID]:
        """Return the ids of an agent's confirmed appointments that have not ended."""
        confirmed = self._list(
            AppointmentRow.status == Status.CONFIRMED.value,
            AppointmentRow.agent_id == agent_id,
            AppointmentRow.ends_at > now,
        )
        return [it.id for it in confirmed]

    def between(self, window: Interval) -> list[Appointment]:
        """Return appointments that overlap a window, except cancelled and expired."""
        return self._list(
            col(AppointmentRow.status).in_(WORTH_SHOWING),
            AppointmentRow.starts_at < window.end,
            AppointmentRow.ends_at > window.start,
        )

    def count_by_agent(self, window: Interval) -> dict[UUID, int]:
        """Count uncancelled, unexpired appointments starting in a window, by agent."""
        agent = col(AppointmentRow.agent_id)
        statement = (
            select(agent, func.count())
            .where(agent.is_not(None), col(AppointmentRow.status).in_(WORTH_SHOWING))
            .where(AppointmentRow.starts_at >= window.start)
            .where(AppointmentRow.starts_at < window.end)
            .group_by(agent)
        )
        return {owner: count for owner, count in self._session.exec(statement) if owner}

    def unassigned_from(self, now: datetime, limit: int) -> list[Appointment]:
        """Return live appointments without an agent that have not ended."""
        return self._list(
            col(AppointmentRow.status).in_(LIVE_NAMES),
            col(AppointmentRow.agent_id).is_(None),
            AppointmentRow.ends_at > now,
            limit=limit,
        )

    def live_of_contact(
        self, email: str, phone: str, since: datetime
    ) -> list[Appointment]:
        """Return a customer's live appointments that end after ``since``.

        Args:
            email: Normalized address; may be empty. Appointments with another address
                are found too, if limits count both addresses as one: see
                ``email_to_count_by``.
            phone: E.164 number; may be empty.
            since: In UTC.
        """
        whose = {
            "counted": contact.email_to_count_by(email) or None,
            "phone": phone or None,
        }
        if not any(whose.values()):
            return []
        connection = self._session.connection()
        rows = connection.execute(_LIVE_OF_CONTACT, whose | {"since": since})
        return [_appointment(row) for row in rows]

    def live_of_address(self, address: str, since: datetime) -> list[Appointment]:
        """Return live appointments with exactly this e-mail address.

        Args:
            address: Normalized address.
            since: Only appointments that end after this instant.
        """
        counted = col(AppointmentRow.counted_email) == contact.email_to_count_by(
            address
        )
        return self._list(
            counted,
            col(AppointmentRow.customer_email) == address,
            col(AppointmentRow.status).in_(LIVE_NAMES),
            AppointmentRow.ends_at > since,
        )

    def claim_expired(self, now: datetime, limit: int) -> list[Appointment]:
        """Expire requests that were not confirmed in time, and return them.

        Of concurrent callers, only one gets each request.
        """
        confirm_by = col(AppointmentRow.confirm_by)
        missed = and_(confirm_by.is_not(None), col(AppointmentRow.starts_at) <= now)
        ids = _claimable(Status.REQUESTED, or_(confirm_by <= now, missed), limit)
        return self._claim(ids, status=Status.EXPIRED.value, version=_NEXT_VERSION)

    def claim_ended(self, now: datetime, limit: int) -> list[Appointment]:
        """Set the final status of ended confirmed appointments, and return them.

        ``status_when_over`` defines this status. Of concurrent callers, only one gets
        each appointment.
        """
        over = col(AppointmentRow.ends_at) <= now
        ids = _claimable(Status.CONFIRMED, over, limit)
        came = col(AppointmentRow.joined_at).is_not(None)
        status = case((came, Status.COMPLETED.value), else_=Status.ENDED.value)
        return self._claim(ids, status=status, version=_NEXT_VERSION)

    def claim_reminders(
        self, now: datetime, ahead: timedelta, limit: int
    ) -> list[Appointment]:
        """Return confirmed appointments that need a reminder; record the reminders.

        No two calls return the same appointment for the same reminder. An appointment
        is skipped if a mail with its time was added after the reminder was due.

        Args:
            ahead: How long before the start the reminder is due.
            limit: Largest number of appointments to return.
        """
        ids = _claimable(Status.CONFIRMED, _needs_reminder(now, ahead), limit)
        return self._claim(ids, reminded_at=now)

    def count_reminders(self, now: datetime, leads: Sequence[timedelta]) -> int:
        """Return the number of appointments that need a reminder now.

        Args:
            leads: Times before the start at which reminders are due.
        """
        wanted = or_(false(), *(_needs_reminder(now, ahead) for ahead in leads))
        is_confirmed = AppointmentRow.status == Status.CONFIRMED.value
        statement = select(func.count()).where(is_confirmed, wanted)
        return self._session.exec(statement).one()

    def _claim(self, ids: Any, **values: Any) -> list[Appointment]:
        """Change the rows that a statement finds, and return the changed rows."""
        self._share_roster()
        claimed = (
            update(AppointmentRow)
            .where(col(AppointmentRow.id).in_(ids))
            .values(**values)
            .execution_options(synchronize_session=False)
        )
        returning: Executable = cast("Any", claimed).returning(*_COLUMNS)
        rows = self._session.connection().execute(returning).all()
        return [_appointment(row) for row in rows]

    def _list(self, *conditions: Any, limit: int | None = None) -> list[Appointment]:
        statement: Executable = (
            _EVERY_COLUMN.where(*conditions)
            .order_by(col(AppointmentRow.starts_at), col(AppointmentRow.id))
            .limit(limit)
        )
        rows = self._session.connection().execute(statement).all()
        return [_appointment(row) for row in rows]


def _needs_reminder(now: datetime, ahead: timedelta) -> ColumnElement[bool]:
    """Return the condition that a confirmed appointment needs a reminder now."""
    due = type_coerce(
        col(AppointmentRow.starts_at) - literal(ahead, IntervalType), UtcDateTime
    )
    mailed_since = (
        select(OutboxRow.id)
        .where(OutboxRow.appointment_id == AppointmentRow.id)
        .where(col(OutboxRow.payload)["mail"].astext.in_(TELLS_THE_TIME))
        .where(due <= OutboxRow.created_at, OutboxRow.state != "dropped")
    )
    reminded_at = col(AppointmentRow.reminded_at)
    return and_(
        col(AppointmentRow.starts_at) > now,
        due <= now,
        or_(reminded_at.is_(None), reminded_at < due),
        ~mailed_since.exists(),
    )


_REMINDED = "reminded_at"
"""Column set by the statement that claims reminders; not a field of an appointment."""

_TABLE = table_of(AppointmentRow)
_COLUMNS: Any = _TABLE.columns
_NEXT_VERSION: Any = col(AppointmentRow.version) + 1
_EVERY_COLUMN = cast("Any", select(*_COLUMNS))
"""Query of plain rows. Lists are read so often that ORM objects would take too long."""

_ONE = _EVERY_COLUMN.where(_COLUMNS.id == bindparam("wanted"))
_HELD = _ONE.with_for_update(read=True)
_LIVE_OF_CONTACT = (
    _EVERY_COLUMN.where(
        or_(
            _COLUMNS.counted_email == bindparam("counted"),
            _COLUMNS.customer_phone == bindparam("phone"),
        )
    )
    .where(text(LIVE_ROWS), _COLUMNS.ends_at > bindparam("since"))
    .order_by(_COLUMNS.starts_at, _COLUMNS.id)
)
_ADD = _TABLE.insert()
_SAVE = (
    _TABLE.update()
    .where(_COLUMNS.id == bindparam("seen_id"))
    .where(_COLUMNS.version == bindparam("seen_version"))
    .values(
        {
            it.name: bindparam(f"new_{it.name}")
            for it in _COLUMNS
            if it.name != _REMINDED
        }
    )
    .values(wall_columns_for_update(bindparam("new_starts_at")))
)
"""Built once, because building an update of all columns takes longer than running it.
"""


def _claimable(status: Status, condition: Any, limit: int) -> Any:
    """Return a query of ids to claim, without rows that another caller has locked."""
    return (
        select(AppointmentRow.id)
        .where(AppointmentRow.status == status.value, condition)
        .order_by(col(AppointmentRow.starts_at), col(AppointmentRow.id))
        .limit(limit)
        .with_for_update(skip_locked=True)
    )


def _explain_error(error: IntegrityError) -> Exception:
    if NO_DOUBLE_BOOKING in str(error.orig):
        return SlotTakenError(say("refusals.appointments.agent_busy"))
    return error


def _columns(appointment: Appointment) -> dict[str, Any]:
    email = appointment.customer.email
    customer = columns_of(appointment.customer)
    return {
        **columns_of(appointment, "customer", "buffer_before", "buffer_after"),
        **{f"customer_{name}": value for name, value in customer.items()},
        "counted_email": contact.email_to_count_by(email),
        "buffer_before_minutes": appointment.buffer_before // MINUTE,
        "buffer_after_minutes": appointment.buffer_after // MINUTE,
    }


_appointment = row_reader(
    Appointment,
    buffer_before=minutes_reader("buffer_before_minutes"),
    buffer_after=minutes_reader("buffer_after_minutes"),
    customer=row_reader(Customer, "customer_"),
)
