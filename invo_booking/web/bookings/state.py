"""Booking Management: what the address names, kept up to date."""

import reflex as rx

from invo_booking.domain.interval import Interval
from invo_booking.domain.moments import earliest_moment, next_midnight
from invo_booking.usecases.staff.calendar import Board, StaffCatalogue
from invo_booking.web.appointment.conflicts_view import host_bands
from invo_booking.web.bookings import grid, place, reasons, side_view
from invo_booking.web.bookings.grid import GridView
from invo_booking.web.bookings.place import Place
from invo_booking.web.bookings.reading import read_board
from invo_booking.web.bookings.reasons import BandView, TopicsView
from invo_booking.web.bookings.side_view import (
    ChipView,
    MiniDayView,
    MiniMonthView,
    NavView,
    SideLinkView,
)
from invo_booking.web.core import guard, live, routes
from invo_booking.web.core.ask import ask
from invo_booking.web.core.guard import EventPolicy, allow
from invo_booking.web.core.session import SessionState
from invo_booking.web.kit import words
from invo_booking.web.kit.moments import MomentView, moment_view
from invo_booking.web.kit.words import EventView, LaneView, ListDayView, ViewerContext


class BookingsState(SessionState):
    """One person's view of the calendar; the place itself is in the address."""

    nav: NavView = NavView()
    mini: MiniMonthView = MiniMonthView()
    strip: list[MiniDayView] = []
    chips: list[ChipView] = []
    offers: list[SideLinkView] = []
    grid: GridView = GridView()
    events: list[EventView] = []
    bands: list[BandView] = []
    host_is_busy: bool = False
    subjects: dict[str, str] = {}
    topics: TopicsView = TopicsView()
    holidays: dict[str, str] = {}
    lanes: list[LaneView] = []
    listed: list[ListDayView] = []
    pools: list[ListDayView] = []
    pool_count: int = 0
    stuck: list[ListDayView] = []
    stuck_count: int = 0
    summary: str = ""
    late_count: int = 0
    shows_calendars: bool = False
    moment: MomentView = MomentView()
    is_ready: bool = False

    _query: dict[str, str] = {}
    _periods: dict[str, Interval] = {}
    _zone: str = "UTC"

    @rx.event
    @allow(EventPolicy.STAFF, is_activity=False)
    async def open_page(self) -> None:
        """Show the place the address names, and keep it up to date."""
        self._query = dict(self.router.url.query_parameters)
        self.shows_calendars = False
        await self._refresh()
        live.watch(self, routes.BOOKINGS)

    @rx.event
    @allow(EventPolicy.STAFF)
    async def toggle_personal_calendars(self) -> None:
        """Open or close the panel of personal calendars."""
        self.shows_calendars = not self.shows_calendars

    async def _refresh(self) -> None:
        """Read the place again from the database."""
        actor = await guard.actor(self)
        seen = await ask(read_board, actor, dict(self._query), self._viewer)
        self._show_person(actor, seen.greeting)
        catalogue, viewer, where = seen.greeting.catalogue, seen.viewer, seen.where
        self._zone = catalogue.time_zone
        board, closed, waiting = seen.board, seen.closed, seen.waiting
        elsewhere = host_bands(board, seen.host_busy, viewer)
        bands = reasons.band_views(board, closed, seen.shown, viewer)
        self.bands = [*bands, *elsewhere]
        self.host_is_busy = bool(elsewhere)
        self.subjects = reasons.subjects_by_lane(board, closed)
        self.topics = reasons.topics_view(where, board, catalogue)
        self._show_board(where, board, catalogue, viewer)
        self._show_around(where, catalogue, viewer)
        stuck = [one for one in waiting if one.unplaced]
        others = [one for one in waiting if not one.unplaced]
        self.pools = side_view.pool_views(others, viewer)
        self.pool_count = len(others)
        self.stuck = side_view.pool_views(stuck, viewer)
        self.stuck_count = len(stuck)
        self.moment = moment_view(
            earliest_moment(
                [
                    next_midnight(viewer.now, viewer.zone),
                    *(one.changes_at for one in (*board.events, *waiting, *closed)),
                ]
            ),
            viewer.now,
        )
        self.is_ready = True

    def _show_board(
        self,
        where: Place,
        board: Board,
        catalogue: StaffCatalogue,
        viewer: ViewerContext,
    ) -> None:
        self.grid = grid.grid_view(where, board, catalogue, viewer)
        self.events = words.event_views(board.events, viewer)
        spans = {str(it.id): Interval(it.starts_at, it.ends_at) for it in board.events}
        self._periods = spans
        shown = place.days_of(where, viewer.locale)
        self.listed = words.day_views(self.events, viewer, shown)
        self.holidays = dict(board.holidays)
        self.lanes = words.lane_views(board)
        self.summary = words.appointments_summary(board.events)
        self.late_count = sum(1 for event in self.events if event.late)

    def _show_around(
        self, where: Place, catalogue: StaffCatalogue, viewer: ViewerContext
    ) -> None:
        heading = place.place_title(where, viewer.locale)
        self.nav = side_view.nav_view(where, heading, catalogue, viewer)
        self.mini = side_view.mini_month(where, catalogue, viewer)
        self.strip = side_view.week_strip(where, catalogue, viewer)
        self.chips = side_view.filter_chips(where, catalogue)
        self.offers = side_view.filter_offers(where, catalogue)


async def refresh_board(state: rx.State) -> None:
    """Read the calendar on the page of ``state`` again."""
    await (await state.get_state(BookingsState))._refresh()


async def period_of(state: rx.State, appointment_id: str) -> Interval | None:
    """Return when an appointment on the page takes place; ``None`` if it is gone."""
    board = await state.get_state(BookingsState)
    return board._periods.get(appointment_id)


async def board_zone(state: rx.State) -> str:
    """Return the zone in which that calendar is read."""
    return (await state.get_state(BookingsState))._zone


async def board_window(state: rx.State, viewer: ViewerContext) -> Interval:
    """Return what that calendar shows."""
    query = (await state.get_state(BookingsState))._query
    return place.window_of(
        place.place_of(query, viewer.today), viewer.zone, viewer.locale
    )
