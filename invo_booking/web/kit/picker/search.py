"""Hold the open starts that a visitor looks at."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class SearchPlace:
    """A branch at which starts are offered."""

    id: UUID
    name: str
    zone: str


@dataclass(frozen=True, kw_only=True)
class Search:
    """The open starts, and the weeks and day that the visitor looks at.

    Attributes:
        starts: Open starts in minutes since 1970 in UTC, earliest first. Numbers,
            because this is kept with the visitor's session and should stay small.
        length: Minutes.
        places: Branches of the starts, if any branch was chosen; else empty.
        at: Index in ``places`` of each start.
        shut: Why a date has no times, by ISO date.
        closed: Dates among them on which the institution is closed.
        now: Present minute.
        last: Last minute that can be booked.
        zone: IANA name of the zone the times are shown in; where ``places`` are known,
            each is shown in its own.
        locale: Tag of the visitor's habits; empty until any are known.
        page: Any day of the weeks shown, or ``None`` for the first ones with times.
        day: The day whose times are shown, or ``None`` for the first one with times.
        picked: The picked start; 0 for none.
        taken: Starts that were booked by others while the visitor looked.
        present: Start of the appointment that is to be moved; 0 for none.
    """

    starts: tuple[int, ...] = ()
    length: int = 30
    places: tuple[SearchPlace, ...] = ()
    at: Mapping[int, int] = field(default_factory=dict[int, int])
    shut: Mapping[str, str] = field(default_factory=dict[str, str])
    closed: frozenset[str] = frozenset()
    now: int = 0
    last: int = 0
    zone: str = "UTC"
    locale: str = ""
    page: date | None = None
    day: date | None = None
    picked: int = 0
    taken: frozenset[int] = frozenset()
    present: int = 0

    def place_of(self, start: int) -> SearchPlace | None:
        """Return the branch of a start; ``None`` unless any branch was chosen."""
        index = self.at.get(start)
        return None if index is None else self.places[index]

    def zone_name_of(self, start: int) -> str:
        """Return the name of the zone in which a start is shown."""
        place = self.place_of(start)
        return place.zone if place else self.zone

    def zone_of(self, start: int) -> ZoneInfo:
        """Return the zone in which a start is shown."""
        return ZoneInfo(self.zone_name_of(start))

    def local_time_of(self, minutes: int) -> datetime:
        """Return an instant on the clock on which starts at it are shown."""
        return picker_instant(minutes).astimezone(self.zone_of(minutes))

    def zones(self) -> set[str]:
        """Return the names of all zones in which starts are shown."""
        return {it.zone for it in self.places} or {self.zone}


def picker_minutes(at: datetime) -> int:
    """Return an instant as minutes since 1970."""
    return int(at.timestamp()) // 60


def picker_instant(minutes: int) -> datetime:
    """Return minutes since 1970 as an instant, in UTC."""
    return datetime.fromtimestamp(minutes * 60, UTC)


def picker_date(minutes: int, zone: ZoneInfo) -> date:
    """Return the date of an instant in a zone."""
    return picker_instant(minutes).astimezone(zone).date()
