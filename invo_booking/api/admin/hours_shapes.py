"""Requests and responses about working and opening hours."""

from collections.abc import Mapping
from datetime import time
from typing import Annotated, Any
from uuid import UUID

from pydantic import BeforeValidator, Field

from invo_booking.api.core.shapes import Body, Id, ResponseModel
from invo_booking.domain.hours import Period, PlacedPeriods, make_period, period_place
from invo_booking.domain.opening import OpeningHours
from invo_booking.usecases.admin.opening_drafts import DrawnWeek, drawn_week
from invo_booking.usecases.admin.staff_drafts import MOST_PERIODS

Clock = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$|^24:00$")]
"""A wall time; ``24:00`` ends the day."""

Weekday = Annotated[int, Field(ge=0, le=6)]


class PeriodBody(Body):
    """Hours in wall time; an end before the start is on the next day."""

    begins: Clock
    ends: Clock

    def as_times(self) -> tuple[time, time]:
        """Return both times for the use case."""
        return _time(self.begins), _time(self.ends)


class PlacedPeriodBody(PeriodBody):
    """Hours of a person; with a `branch`, the person receives visits there only."""

    branch: Id | None = None

    def as_period(self) -> Period:
        """Return the period for the use case."""
        return make_period(*self.as_times(), self.branch)


class WorkPeriodBody(PlacedPeriodBody):
    """Hours of a person on one weekday, 0 for Monday."""

    weekday: Weekday


class WeekPeriodBody(PeriodBody):
    """Hours of one weekday, 0 for Monday."""

    weekday: Weekday


class OpeningBody(Body):
    """Opening hours in local wall time; an empty list means no limit."""

    opening_hours: Annotated[
        list[WeekPeriodBody], Field(max_length=MOST_PERIODS, default_factory=list)
    ]

    def opening_week(self) -> DrawnWeek:
        """Return the hours for the use case."""
        return tuple((it.weekday, *it.as_times()) for it in self.opening_hours)


class PeriodResponse(ResponseModel):
    """Hours in wall time."""

    begins: str
    ends: str


class PlacedPeriodResponse(PeriodResponse):
    """Hours in wall time, perhaps at one branch only."""

    branch: UUID | None


def _by_day(periods: Mapping[Any, PlacedPeriods]) -> dict[str, list[dict[str, Any]]]:
    return {
        str(day): [
            {
                "begins": f"{it[0]:%H:%M}",
                "ends": _end(it[1]),
                "branch": period_place(it),
            }
            for it in hours
        ]
        for day, hours in sorted(periods.items())
    }


HoursByDay = Annotated[
    dict[str, tuple[PlacedPeriodResponse, ...]], BeforeValidator(_by_day)
]


class WeekPeriodResponse(PeriodResponse):
    """Hours of one weekday, 0 for Monday."""

    weekday: int


def _periods(opening: OpeningHours) -> list[dict[str, object]]:
    return [
        {"weekday": it[0], "begins": f"{it[1]:%H:%M}", "ends": _end(it[2])}
        for it in drawn_week(opening)
    ]


OpeningPeriods = Annotated[tuple[WeekPeriodResponse, ...], BeforeValidator(_periods)]
"""Opening hours as responses contain them; an empty list means no limit."""


def _time(clock: str) -> time:
    return time.fromisoformat(clock) if clock != "24:00" else time(0)


def _end(ends: time) -> str:
    return f"{ends:%H:%M}" if ends != time(0) else "24:00"
