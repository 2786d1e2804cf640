"""Describe the rules that settings impose on one kind of appointment."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from invo_booking.domain.opening import OpeningHours
from invo_booking.domain.slots.supply import NONE
from invo_booking.domain.wall import DAY_MINUTES, EPOCH, MINUTE


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The rules by which starts are open or closed.

    Attributes:
        zone: Zone of the grid, days, weekends and opening hours: the institution's, or
            for a visit its branch's.
        step: Distance between starts, in wall time from each midnight.
        length: Length of the appointment.
        buffer_before: Time the agent keeps free before the appointment.
        buffer_after: Time the agent keeps free after the appointment.
        earliest_day: Beginning of the first bookable day, in UTC.
        disabled_window: Time from now in which no start is open.
        latest: First instant beyond the booking horizon, in UTC.
        weekends_off: Whether Saturdays and Sundays are closed.
        holidays: Names of closed dates in ``zone``.
        opening: Hours within which an appointment must lie; ``None`` for no limit.
        percent: Share of the designated agents that must be free, 0 to 100.
        now: The current instant, in UTC. By default 1970, so that no start is past and
            no reading of a calendar is too old.

    Raises:
        ValueError: If a duration is not in whole minutes or a number is out of bounds.
    """

    zone: ZoneInfo
    step: timedelta
    length: timedelta
    buffer_before: timedelta = NONE
    buffer_after: timedelta = NONE
    earliest_day: datetime
    disabled_window: timedelta = NONE
    latest: datetime
    weekends_off: bool = False
    holidays: Mapping[date, str] = field(default_factory=dict[date, str])
    opening: OpeningHours | None = None
    percent: int = 0
    now: datetime = EPOCH

    def __post_init__(self) -> None:
        for duration in (self.step, self.length, self.buffer_before, self.buffer_after):
            if duration % MINUTE:
                raise ValueError(f"not in whole minutes: {duration}")
        if not MINUTE <= self.step <= DAY_MINUTES * MINUTE:
            raise ValueError(f"step must be from a minute to a day: {self.step}")
        if self.length < MINUTE:
            raise ValueError(f"length must be positive: {self.length}")
        if min(self.buffer_before, self.buffer_after, self.disabled_window) < NONE:
            raise ValueError("buffers and disabled window must not be negative")
        if not 0 <= self.percent <= 100:  # noqa: PLR2004
            raise ValueError(f"percent must be from 0 to 100: {self.percent}")

    @property
    def earliest(self) -> datetime:
        """First instant that may be booked, in UTC.

        Source:
            The product page, "Earliest available day" and "Disabled Time Window": both
            apply, the later instant wins.
        """
        return max(self.earliest_day, self.now + self.disabled_window)

    @property
    def length_minutes(self) -> int:
        """Length of the appointment, in minutes."""
        return self.length // MINUTE

    @property
    def buffer_minutes(self) -> tuple[int, int]:
        """Minutes to keep free before and after the appointment."""
        return self.buffer_before // MINUTE, self.buffer_after // MINUTE
