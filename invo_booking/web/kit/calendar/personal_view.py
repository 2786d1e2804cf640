"""What the scripts of personal calendars must know: the person and the days shown."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from invo_booking.domain.access.roles import Actor
from invo_booking.domain.calendars.personal import LONGEST_RANGE
from invo_booking.usecases.staff.calendar import Board, BoardEvent
from invo_booking.web.kit.calendar.place import Place, calendar_days_of
from invo_booking.web.kit.text import times
from invo_booking.web.kit.text.words import ViewerContext

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)


@dataclass
class PersonalView:
    """The person and the days shown; nothing about personal calendars themselves.

    Attributes:
        person: The person's id, under which the browser stores this person's options.
        providers: Names of the providers that administrators offer.
        first: First day shown; ``past`` is the day after the last day shown.
        lanes: Ids of the person's own lanes.
        days: Headings of the days shown, by ISO date.
        is_for_warnings: Whether the page does not show the person's own events, but
            warns of them if the person wants this.
    """

    person: str = ""
    providers: list[str] = field(default_factory=list[str])
    scope: str = "me"
    first: str = ""
    past: str = ""
    lanes: list[str] = field(default_factory=list[str])
    days: dict[str, str] = field(default_factory=dict[str, str])
    is_for_warnings: bool = False


def personal_calendar_view(
    reader: Actor,
    offered: Sequence[str],
    where: Place,
    board: Board,
    viewer: ViewerContext,
) -> PersonalView:
    """Return what the scripts must know to show own events in the calendar."""
    first, past = calendar_days_of(where, viewer.locale)
    return PersonalView(
        person=str(reader.id),
        providers=list(offered),
        scope=where.scope.value,
        first=first.isoformat(),
        past=past.isoformat(),
        lanes=[lane.id for lane in board.lanes if _is_own_lane(reader, lane.id)],
        days={
            day.isoformat(): times.long_day_text(day, viewer.locale)
            for day in _days_between(first, past)
        },
    )


def personal_warning_view(
    reader: Actor,
    offered: Sequence[str],
    waiting: Sequence[BoardEvent],
    viewer: ViewerContext,
) -> PersonalView:
    """Return what scripts need to warn of own events during waiting appointments.

    The days are whole weeks from today on, so that one more appointment rarely makes
    the browser request the events again.
    """
    days = [viewer.day(it.starts_at) for it in waiting if it.takeable]
    if not offered or not days:
        return PersonalView()
    ahead = max(days) - viewer.today + DAY
    length = min(-(-ahead // WEEK) * WEEK, LONGEST_RANGE)
    return PersonalView(
        person=str(reader.id),
        providers=list(offered),
        first=viewer.today.isoformat(),
        past=(viewer.today + max(length, WEEK)).isoformat(),
        is_for_warnings=True,
    )


def _is_own_lane(reader: Actor, lane: str) -> bool:
    """Whether a lane is of the person, or of a queue and language the person serves."""
    if lane == str(reader.id):
        return True
    queue, _, language = lane.partition(":")
    return language in reader.languages and queue in map(str, reader.queues)


def _days_between(first: date, past: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((past - first).days)]
