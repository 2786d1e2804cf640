"""Load open starts in windows, one after the other, up to the booking horizon."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from invo_booking.domain.interval import Interval
from invo_booking.usecases.booking.booking import Offer
from invo_booking.usecases.slots.offers import BranchChoice
from invo_booking.web.kit.picker.month_view import PAGE
from invo_booking.web.kit.picker.search import (
    Search,
    SearchPlace,
    picker_instant,
    picker_minutes,
)

AHEAD = timedelta(days=92)
"""Length of one window: the longest span that the slot engine accepts at once."""


@dataclass(frozen=True, slots=True)
class Pick:
    """A picked start and its agent.

    Attributes:
        starts_at: The start, in UTC.
        agent_id: The chosen agent; ``None`` for any agent.
        branch_id: The branch of a visit; ``None`` for other channels.
        time_zone: IANA name of the zone of times in mails: the visitor's zone if known.
        locale: BCP 47 tag for the formats of dates and times.
    """

    starts_at: datetime
    agent_id: UUID | None
    branch_id: UUID | None
    time_zone: str
    locale: str

    @property
    def minutes(self) -> int:
        """The start in minutes since 1970."""
        return picker_minutes(self.starts_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class PickerOffer:
    """The kind of appointment for which a picker offers times.

    Attributes:
        answer: Id of the topic.
        language: ISO 639-1 code of the language.
        branch: Where a visit may be held; ``None`` for other channels.
        agent: The agent to choose if the topic differs from the previous offer's.
        picked: Start to pick if it is open, in minutes since 1970; 0 for none.
        present: Current start of the appointment to be moved, in minutes since 1970; 0
            for none.
    """

    answer: str
    language: str
    branch: BranchChoice
    agent: UUID | None = None
    picked: int = 0
    present: int = 0


def first_search_window(now: datetime) -> Interval:
    """Return the first window, which begins with the current day."""
    return search_window_from(datetime.combine(now.date(), time(), UTC))


def search_window_from(start: datetime) -> Interval:
    """Return the window that begins at an instant."""
    return Interval(start, start + AHEAD)


def search_day_span(day: date, zones: Iterable[str]) -> Interval:
    """Return the span in UTC during which it is this day in any of the zones."""
    after = day + timedelta(days=1)
    clocks = [ZoneInfo(name) for name in zones]
    return Interval(
        min(datetime.combine(day, time(), it).astimezone(UTC) for it in clocks),
        max(datetime.combine(after, time(), it).astimezone(UTC) for it in clocks),
    )


def end_of_search_page(page: date) -> datetime:
    """Return until when, in UTC, to load starts for the page that contains a day.

    The end is late enough for every time zone.
    """
    return datetime.combine(page + timedelta(days=2), time(), UTC) + PAGE


def end_of_search(search: Search) -> datetime:
    """Return until when, in UTC, to load starts for the shown weeks and the pick."""
    ends = [end_of_search_page(search.page)] if search.page else []
    return max([*ends, picker_instant(search.picked + 1)])


def search_without_offers(search: Search, now: datetime) -> Search:
    """Return a search without any loaded window."""
    return replace(
        search,
        starts=(),
        places=(),
        at={},
        shut={},
        closed=frozenset(),
        taken=frozenset(),
        now=picker_minutes(now),
    )


def search_with_offer(search: Search, offer: Offer) -> Search:
    """Return a search with the starts of one more window added."""
    shut = {day.isoformat(): why for day, why in offer.closed_days.items()}
    closed = frozenset(day.isoformat() for day in offer.holidays)
    return replace(
        search_with_places(search, offer),
        starts=tuple(sorted({*search.starts, *offer.slots.starts.tolist()})),
        length=offer.slots.minutes,
        shut={**search.shut, **shut},
        closed=search.closed | closed,
        last=picker_minutes(offer.horizon_end),
    )


def search_with_places(search: Search, offer: Offer) -> Search:
    """Return a search that also has the branch of each start of an offer."""
    if not offer.places:
        return search
    places = {it.id: it for it in search.places}
    for it in offer.places:
        places.setdefault(it.id, SearchPlace(it.id, it.name, it.zone.key))
    index = {key: number for number, key in enumerate(places)}
    starts = zip(offer.slots.starts.tolist(), offer.places, strict=True)
    at = {start: index[branch.id] for start, branch in starts}
    return replace(search, places=tuple(places.values()), at={**search.at, **at})


def search_after_look(
    search: Search, span: Interval, offer: Offer
) -> tuple[Search, set[int]]:
    """Return a search with one span reloaded, and the starts that are no longer open.

    These starts keep their place and are marked. A start that is now merely too soon to
    book is left out instead, unless it is the picked start.
    """
    first, last = picker_minutes(span.start), picker_minutes(span.end)
    before = {start for start in search.starts if first <= start < last}
    present = set(offer.slots.starts.tolist())
    soon = picker_minutes(offer.first_bookable)
    closed = before - present
    gone = {it for it in closed if it >= soon or it == search.picked}
    after = replace(
        search_with_places(search, offer),
        starts=tuple(sorted({*search.starts, *present} - closed)),
        taken=(search.taken | gone) - present,
        picked=0 if search.picked in gone else search.picked,
    )
    return after, gone
