"""Describe when a person is away."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self
from zoneinfo import ZoneInfo

from invo_booking.domain.wall import local_midnight


@dataclass(frozen=True, slots=True, order=True)
class Absence:
    """A span in which a person is away; both ends in UTC.

    Attributes:
        note: Why the person is away, for administrators; may be empty.
    """

    starts_at: datetime
    ends_at: datetime
    note: str = ""

    def on_same_days(self, before: ZoneInfo, after: ZoneInfo) -> Self:
        """Return an absence of whole days, moved to the same dates in another zone.

        An absence that begins or ends within a day of the zone ``before`` is returned
        unchanged.
        """
        days = [it.astimezone(before).date() for it in (self.starts_at, self.ends_at)]
        if [self.starts_at, self.ends_at] != [
            local_midnight(it, before) for it in days
        ]:
            return self
        starts_at, ends_at = (local_midnight(it, after) for it in days)
        return replace(self, starts_at=starts_at, ends_at=ends_at)
