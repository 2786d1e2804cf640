"""Read all that the calendar shows within one transaction."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from invo_booking.domain.access.roles import Actor
from invo_booking.domain.interval import Interval
from invo_booking.usecases.calendars.personal.sign_in import (
    offered_personal_calendars,
)
from invo_booking.usecases.shared.deps import Deps, answer_together
from invo_booking.usecases.staff import calendar, host_conflicts, lane_reasons
from invo_booking.usecases.staff.board_events import BoardEvent
from invo_booking.usecases.staff.calendar import Board, BoardFilter, Scope
from invo_booking.usecases.staff.lane_reasons import LaneReasons
from invo_booking.web.core.session import Greeting, load_greeting
from invo_booking.web.kit.calendar import place
from invo_booking.web.kit.calendar.place import Period, Place
from invo_booking.web.kit.text.words import ViewerContext


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarReading:
    """All data that the calendar page shows.

    Attributes:
        reader: The person who reads the calendar.
        offered: Providers at which agents can sign in to show their own calendars.
        shown: The span of the days shown.
        closed: Closed times by lane; empty for a month or a list.
        host_busy: Other people's events in the host calendar, if lanes are shown.
        waiting: Unassigned appointments.
    """

    reader: Actor
    offered: tuple[str, ...]
    greeting: Greeting
    viewer: ViewerContext
    where: Place
    shown: Interval
    board: Board
    closed: tuple[LaneReasons, ...]
    host_busy: tuple[Interval, ...]
    waiting: tuple[BoardEvent, ...]


def read_calendar_board(
    deps: Deps,
    actor: Actor,
    query: Mapping[str, str],
    viewer_in: Callable[[str], ViewerContext],
) -> CalendarReading:
    """Read all data that the calendar page shows within one transaction.

    Args:
        actor: The reader.
        query: Query of the page's URL: scope, period, day and filters.
        viewer_in: Returns the reader's context for the name of the institution's zone.
    """
    return answer_together(
        deps, lambda within: _read_place(within, actor, query, viewer_in)
    )


def _read_place(
    deps: Deps,
    actor: Actor,
    query: Mapping[str, str],
    viewer_in: Callable[[str], ViewerContext],
) -> CalendarReading:
    greeted = load_greeting(deps, actor)
    viewer = viewer_in(greeted.catalogue.time_zone)
    where = place.calendar_place_of(query, viewer.today)
    window = place.calendar_window_of(where, viewer.zone, viewer.locale)
    board = calendar.calendar_board(
        deps,
        actor,
        where.scope,
        window,
        BoardFilter(
            queue_ids=where.queues,
            languages=where.languages,
            branch_ids=where.branches,
        ),
    )
    return CalendarReading(
        reader=actor,
        offered=offered_personal_calendars(deps),
        greeting=greeted,
        viewer=viewer,
        where=where,
        shown=window,
        board=board,
        closed=_closed_reasons(deps, where, board, window),
        host_busy=_host_busy(deps, actor, where, window),
        waiting=calendar.unassigned_events(deps, actor),
    )


def _closed_reasons(
    deps: Deps, where: Place, board: Board, window: Interval
) -> tuple[LaneReasons, ...]:
    if where.period not in {Period.DAY, Period.WEEK}:
        return ()
    return lane_reasons.lane_reasons(deps, board, window, where.topics)


def _host_busy(
    deps: Deps, actor: Actor, where: Place, window: Interval
) -> tuple[Interval, ...]:
    if where.scope is Scope.ME or not where.grid.startswith("resource"):
        return ()
    return host_conflicts.host_busy_intervals(deps, actor, window)
