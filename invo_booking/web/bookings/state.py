"""The state of Booking Management: the calendar for the page's URL, kept current."""

import reflex as rx
from reflex.event import EventSpec

from invo_booking.domain.interval import Interval
from invo_booking.texts import say
from invo_booking.web.bookings import calendar_view, packing
from invo_booking.web.bookings.grid import GridView
from invo_booking.web.bookings.reading import read_calendar_board
from invo_booking.web.bookings.reasons import TopicsView
from invo_booking.web.bookings.side_view import (
    ChipView,
    FilterGroupView,
    MiniDayView,
    MiniMonthView,
    NavView,
    calendar_filter_address,
)
from invo_booking.web.core import guard, live, routes
from invo_booking.web.core.ask import ask
from invo_booking.web.core.guard import EventPolicy, allow
from invo_booking.web.core.session import SessionState
from invo_booking.web.kit.calendar import place
from invo_booking.web.kit.calendar.personal_view import PersonalView
from invo_booking.web.kit.rows import (
    RowsChange,
    RowsView,
    Texts,
    show_changed,
    show_rows,
)
from invo_booking.web.kit.text.moments import MomentView
from invo_booking.web.kit.text.words import EventView, LaneView, ViewerContext


class BookingsState(SessionState):
    """The calendar that one person sees; the URL says whose, and for which days."""

    nav: NavView = NavView()
    mini: MiniMonthView = MiniMonthView()
    strip: list[MiniDayView] = []
    chips: list[ChipView] = []
    offers: list[FilterGroupView] = []
    has_many_offers: bool = False
    filter_problem: str = ""
    grid: GridView = GridView()
    rows: RowsView = RowsView()
    changes: RowsChange = RowsChange()
    host_is_busy: bool = False
    personal: PersonalView = PersonalView()
    subjects: dict[str, str] = {}
    topics: TopicsView = TopicsView()
    holidays: dict[str, str] = {}
    lanes: list[LaneView] = []
    is_empty: bool = True
    pool_count: int = 0
    stuck_count: int = 0
    summary: str = ""
    late_count: int = 0
    moment: MomentView = MomentView()
    is_ready: bool = False

    _query: dict[str, str] = {}
    _sent: dict[str, str] = {}  # query of the calendar that the page has
    _periods: dict[str, Interval] = {}
    _drawn: dict[str, EventView] = {}
    _zone: str = "UTC"

    @rx.event
    @allow(EventPolicy.STAFF, is_activity=False)
    async def open_page(self) -> None:
        """Show the calendar that the URL names, and keep the page up to date."""
        self._query = dict(self.router.url.query_parameters)
        self.filter_problem = ""
        await self._refresh()
        live.watch_pages(self, routes.BOOKINGS)

    @rx.event
    @allow(EventPolicy.STAFF)
    async def add_filter(self, typed: str) -> EventSpec | None:
        """Add the filter with a typed name, or say that there is no such filter."""
        offers: list[FilterGroupView] = self.get_value("offers")
        address = calendar_filter_address(offers, str(typed))
        self.filter_problem = "" if address else say("bookings.filter.unknown")
        return rx.redirect(address) if address else None

    @rx.event
    @allow(EventPolicy.STAFF, is_activity=False)
    async def send_all(self) -> None:
        """Send all rows to a page that has missed a change."""
        self.rows = RowsView(number=self.rows.number)
        await self._refresh()

    async def _refresh(self) -> None:
        """Reload the calendar; send only rows that have changed."""
        actor = await guard.actor_of_page(self)
        query = dict(self._query)
        seen = await ask(read_calendar_board, actor, query, self._viewer)
        self._show_person(actor, seen.greeting)
        self._zone = seen.greeting.catalogue.time_zone
        self._periods = {
            str(it.id): Interval(it.starts_at, it.ends_at) for it in seen.board.events
        }
        shown = calendar_view.calendar_rows(seen)
        self._drawn = {event.id: event for event in shown.events}
        before: RowsView = self.get_value("rows")
        texts = Texts(before.texts if query == self._sent else ())
        self._sent = query
        rows = packing.calendar_rows_of(shown, before, texts)
        show_rows(self, "rows", "changes", texts, rows)
        show_changed(self, **calendar_view.calendar_vars(seen, shown))
        self.moment = calendar_view.next_calendar_moment(seen)


async def refresh_calendar_board(state: rx.State) -> None:
    """Reload the calendar on the page of ``state``."""
    await (await state.get_state(BookingsState))._refresh()


async def period_of_calendar_event(
    state: rx.State, appointment_id: str
) -> Interval | None:
    """Return the period of an appointment; ``None`` if the page does not show it."""
    board = await state.get_state(BookingsState)
    return board._periods.get(appointment_id)


async def shown_calendar_event(
    state: rx.State, appointment_id: str
) -> EventView | None:
    """Return an appointment as the page shows it; ``None`` if not on the page."""
    board = await state.get_state(BookingsState)
    return board.get_value("_drawn").get(appointment_id)


async def calendar_board_zone(state: rx.State) -> str:
    """Return the name of the zone of the calendar on the page of ``state``."""
    return (await state.get_state(BookingsState))._zone


async def calendar_board_window(state: rx.State, viewer: ViewerContext) -> Interval:
    """Return the span that the calendar on the page of ``state`` shows."""
    where = await calendar_board_place(state, viewer)
    return place.calendar_window_of(where, viewer.zone, viewer.locale)


async def calendar_board_place(state: rx.State, viewer: ViewerContext) -> place.Place:
    """Return what the calendar on the page of ``state`` shows: scope, days, filters."""
    query = (await state.get_state(BookingsState))._query
    return place.calendar_place_of(query, viewer.today)
