"""Store the wall time that was agreed for the start of each appointment.

New time-zone rules can change the instant of a wall time.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import BindParameter, and_, bindparam, case, select, text
from sqlmodel import col

from invo_booking.domain.appointment import Appointment
from invo_booking.domain.interval import Interval
from invo_booking.domain.wall import instants_of, wall_text
from invo_booking.persistence.repository import Repository
from invo_booking.persistence.tables.core import (
    LIVE_ROWS,
    AppointmentRow,
    table_of,
)


@dataclass(frozen=True, slots=True)
class AgreedTime:
    """The start of an appointment and its agreed wall time.

    Attributes:
        starts_at: In UTC, as stored.
        wall_time: The agreed wall time, as ``domain.wall.wall_text`` writes it.
        wall_zone: IANA name of the zone of the wall time.
    """

    appointment_id: UUID
    starts_at: datetime
    wall_time: str
    wall_zone: str

    def by_todays_rules(self, fallback: ZoneInfo) -> datetime:
        """Return the instant of the agreed wall time under current rules, in UTC.

        Equals ``starts_at`` unless the rules of the zone have changed since the time
        was agreed.

        Args:
            fallback: Zone to use if the stored name no longer exists.
        """
        try:
            zone = ZoneInfo(self.wall_zone)
        except (ZoneInfoNotFoundError, ValueError):
            zone = fallback
        instants = instants_of(self.wall_time, zone)
        start = self.starts_at.replace(second=0, microsecond=0)
        return self.starts_at if start in instants else instants[0]


class WallTimes(Repository):
    """Agreed wall times as one transaction sees them."""

    def ahead(self, now: datetime) -> list[AgreedTime]:
        """Return the agreed times of future live appointments, earliest first."""
        rows = self._run(_AHEAD, now=now)
        return [AgreedTime(*row) for row in rows]

    def store_new_agreement(self, appointment: Appointment, zone: ZoneInfo) -> None:
        """Replace the agreed wall time with the start's wall time in another zone.

        Args:
            appointment: The stored appointment; its customer is mailed the new time.
            zone: The zone in which the time is agreed from now on.
        """
        values = {
            f"new_{name}": value
            for name, value in wall_columns(appointment, zone).items()
        }
        self._run(_AGREE_ANEW, wanted=appointment.id, **values)

    def as_agreed(self, appointment: Appointment, zone: ZoneInfo) -> Interval:
        """Return an appointment's span by its agreed wall time and current zone rules.

        Args:
            appointment: The stored appointment. Its stored period is returned, unless
                the rules of the zone have changed since the time was agreed.
            zone: Zone to use if the stored name no longer exists.
        """
        row = self._run(_ONE, wanted=appointment.id).one()
        agreed = AgreedTime(*row)
        if not agreed.wall_time or agreed.starts_at != appointment.starts_at:
            return appointment.period
        start = agreed.by_todays_rules(zone)
        return Interval(start, start + appointment.period.duration)


def wall_columns(appointment: Appointment, zone: ZoneInfo) -> dict[str, Any]:
    """Return the wall-time columns of a new appointment.

    Args:
        appointment: The stored appointment.
        zone: The zone in which its time is agreed.
    """
    wall = wall_text(appointment.starts_at, zone)
    return {"wall_time": wall, "wall_zone": zone.key}


def wall_columns_for_update(start: BindParameter[Any]) -> dict[str, Any]:
    """Return the wall-time columns of a changed appointment, for an UPDATE.

    Args:
        start: The new start. The stored wall time stays if neither the start nor the
            branch (bound as ``new_branch_id``) changes. Otherwise the values bound as
            ``new_wall_time`` and ``new_wall_zone`` are stored.
    """
    is_kept = and_(
        col(AppointmentRow.starts_at) == start,
        col(AppointmentRow.branch_id).is_not_distinct_from(bindparam("new_branch_id")),
    )
    new: dict[str, BindParameter[Any]] = {
        name: bindparam(f"new_{name}") for name in ("wall_time", "wall_zone")
    }
    return {
        name: case((is_kept, col(getattr(AppointmentRow, name))), else_=value)
        for name, value in new.items()
    }


_COLUMNS = table_of(AppointmentRow).columns
_AGREED = select(
    _COLUMNS.id, _COLUMNS.starts_at, _COLUMNS.wall_time, _COLUMNS.wall_zone
)
_ONE = _AGREED.where(_COLUMNS.id == bindparam("wanted"))
_AGREE_ANEW = (
    table_of(AppointmentRow)
    .update()
    .where(_COLUMNS.id == bindparam("wanted"))
    .values(wall_time=bindparam("new_wall_time"), wall_zone=bindparam("new_wall_zone"))
)
_AHEAD = (
    _AGREED.where(text(LIVE_ROWS))
    .where(_COLUMNS.starts_at > bindparam("now"), _COLUMNS.wall_time != "")
    .order_by(_COLUMNS.starts_at)
)
