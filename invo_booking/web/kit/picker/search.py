"""Hold the open starts that a picker offers to its visitor."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class SearchPlace:
    """A branch that offers starts."""

    id: UUID
    name: str
    zone: str


@dataclass(frozen=True, kw_only=True)
class Search:
    """The open starts, and the weeks and the day that the picker shows.

    Attributes:
        starts: Open starts in minutes since 1970 in UTC, earliest first. Numbers keep
            the visitor's stored state small.
        length: Length of the appointment in minutes.
        places: Branches of the starts, if the visitor chose *any branch*; else empty.
        at: Index in ``places`` for each start.
        shut: Reason why a date has no times, by ISO date.
        closed: Those dates of ``shut`` on which the institution is closed.
        now: Current minute since 1970.
        last: Last minute since 1970 that can be booked.
        zone: IANA name of the zone in which times are shown. Starts in ``places`` are
            shown in the zone of their branch instead.
        locale: BCP 47 tag for the visitor's formats; empty if unknown.
        page: Any day of the weeks shown; ``None`` for the first weeks with times.
        day: The day whose times are shown; ``None`` for the first day with times.
        picked: The picked start; 0 for none.
        taken: Starts that the picker showed but that are no longer open.
        present: Current start of the appointment to be moved; 0 for none.
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
        """Return the branch of a start; ``None`` unless *any branch* was chosen."""
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
        """Return the local time of a start, in the zone in which it is shown."""
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
