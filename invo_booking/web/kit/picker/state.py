"""Let a visitor pick a day and a time."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import reflex as rx

from invo_booking.domain.contact import known_locale, known_zone
from invo_booking.domain.errors import InvalidInputError, PublicSchedulingOffError
from invo_booking.domain.interval import Interval
from invo_booking.texts import count, say
from invo_booking.usecases.booking import booking
from invo_booking.usecases.booking.booking import Offer
from invo_booking.usecases.shared.deps import Deps
from invo_booking.usecases.slots import assigning
from invo_booking.usecases.slots.offers import ANY_BRANCH, BranchChoice
from invo_booking.web.core.ask import ask
from invo_booking.web.core.guard import EventPolicy, allow
from invo_booking.web.kit.parsing import parse_day, whole_number
from invo_booking.web.kit.picker import windows
from invo_booking.web.kit.picker.choices import ChoiceView, adviser_choices
from invo_booking.web.kit.picker.month_view import (
    MonthView,
    SlotView,
    picker_day,
    picker_month_view,
    picker_page_beside,
    picker_slot,
)
from invo_booking.web.kit.picker.search import (
    Search,
    picker_date,
    picker_instant,
    picker_minutes,
)
from invo_booking.web.kit.picker.windows import Pick, PickerOffer
from invo_booking.web.kit.text.moments import MomentView, moment_view
from invo_booking.web.kit.text.places import PlaceView, place_view
from invo_booking.web.kit.text.zones import find_zone

AGAIN = timedelta(seconds=20)
"""Interval at which a visible page reloads the shown day, because others book too."""


def read_picker_clock(deps: Deps) -> datetime:
    """Return the current instant, in UTC."""
    return deps.now()


class PickerState(rx.State):
    """The starts offered to one visitor, and the picked start."""

    view: MonthView = MonthView()
    nearest: list[SlotView] = []
    message: str = ""
    problem: str = ""  # why there are no times, if booking was closed meanwhile
    zone_problem: str = ""
    advisers: list[ChoiceView] = []  # empty if the bank assigns agents
    adviser: str = ""  # name of the chosen agent; empty for any agent
    chosen: str = ""  # key of the chosen agent
    moment: MomentView = MomentView()
    place: PlaceView = PlaceView()  # branches at which a visit may be held
    is_visit: bool = False  # times are shown in the zone of the branch

    _search: Search = Search()
    _answer: str = ""
    _language: str = ""
    _agent: UUID | None = None
    _wanted: BranchChoice = None  # branches the visitor accepts
    _branch: UUID | None = None  # branch of the picked start
    _looked_until: datetime = datetime.min.replace(tzinfo=UTC)
    _own_zone: str = ""  # the visitor's zone; empty if unknown

    @rx.event
    @allow(EventPolicy.PUBLIC)
    async def adopt_browser(self, zone: str, locale: str) -> None:
        """Use the browser's time zone and date formats.

        Without a zone, times are shown in the institution's zone.
        """
        self._adopt_browser(zone, locale)

    @rx.event
    @allow(EventPolicy.PUBLIC)
    async def choose_zone(self, typed: str) -> None:
        """Show all times in the zone that the visitor typed or picked from the list."""
        zone = find_zone(str(typed)[:64])
        self.zone_problem = "" if zone else say("scheduler.zone.unknown")
        if zone:
            self._own_zone = zone
            if not self.is_visit:
                day = self._picked_day(zone)
                self._show_search(replace(self._search, zone=zone, day=day))

    @rx.event
    @allow(EventPolicy.PUBLIC)
    async def choose_adviser(self, key: str) -> None:
        """Show the times of one adviser; an empty key shows those of all advisers."""
        known = {"": None} | {one.key: UUID(one.key) for one in self.advisers}
        if self.advisers and str(key) in known:
            self._agent = known[str(key)]
            with self._explain_closed():
                await self._load_offer()

    @rx.event
    @allow(EventPolicy.PUBLIC)
    async def choose_day(self, key: str) -> None:
        """Load and show the times of a day, given as an ISO date."""
        try:
            day = parse_day(str(key))
        except ValueError:
            return
        if self._answer:
            self._show_search(replace(self._search, day=day))
            await self._look_again(day)

    @rx.event
    @allow(EventPolicy.PUBLIC)
    async def turn_page(self, pages: int) -> None:
        """Show the earlier weeks (-1) or the later weeks (1)."""
        page = picker_page_beside(self._search, pages) if pages in (-1, 1) else None
        if page is None:
            return
        with self._explain_closed():
            search, end = self._search, windows.end_of_search_page(page)
            if (
                self._looked_until < end
                and picker_minutes(self._looked_until) < search.last
            ):
                window = windows.search_window_from(self._looked_until)
                search, _ = await self._look_until(search, window, end)
            self._show_search(replace(search, page=page, day=None))

    @rx.event
    @allow(EventPolicy.PUBLIC)
    async def pick_start(self, key: str) -> None:
        """Pick a start that is on offer."""
        self._pick_start(str(key))

    @rx.event
    @allow(EventPolicy.PUBLIC)
    async def refresh_day(self) -> None:
        """Mark those times of the shown day that other visitors have booked.

        If a new date has begun, reload everything.
        """
        await self._refresh()

    async def _refresh(self) -> None:
        search, now = self._search, await ask(read_picker_clock)
        self.moment = moment_view(now + AGAIN, now)
        zone = ZoneInfo(search.zone)
        if self._answer and picker_date(picker_minutes(now), zone) != picker_date(
            search.now, zone
        ):
            with self._explain_closed():
                await self._load_offer()
        elif day := picker_day(search):
            await self._look_again(day)

    def _adopt_browser(self, zone: object, locale: object) -> None:
        self._own_zone = known_zone(zone, self._own_zone)
        shown = self._search.zone
        self._show_search(
            replace(
                self._search,
                zone=shown if self.is_visit else known_zone(zone, shown),
                locale=known_locale(locale, self._search.locale),
            )
        )

    async def _open_offer(self, offer: PickerOffer) -> None:
        self.is_visit = offer.branch is not None
        wanted = offer.answer, offer.language, offer.branch
        if wanted != (self._answer, self._language, self._wanted):
            self._answer, self._language, self._wanted = wanted
            self._agent, self._branch = offer.agent, None
            nothing = replace(self._search, page=None, day=None, picked=0, starts=())
            self._show_search(replace(nothing, taken=frozenset()))
            self.message, self.nearest = "", []
        if offer.picked:
            self._agent = offer.agent
        picked = offer.picked or self._search.picked
        self._search = replace(self._search, picked=picked, present=offer.present)
        await self._load_offer()
        if start := offer.picked or offer.present:
            self._show_day_of(start)

    async def _load_offer(self) -> None:
        """Load the agents to choose from, and the open starts."""
        had, place = self._agent, self._branch
        await self._load_advisers()
        now, previous = await ask(read_picker_clock), self._search
        self.moment, self.problem = moment_view(now + AGAIN, now), ""
        search, offer = await self._look_until(
            windows.search_without_offers(previous, now),
            windows.first_search_window(now),
            windows.end_of_search(previous),
        )
        if self._branch != place:
            await self._load_advisers()
        own = offer.time_zone.key
        is_kept = previous.picked in search.starts and self._agent == had
        self._show_search(
            replace(
                search,
                zone=own if self.is_visit else self._own_zone or own,
                locale=previous.locale or f"en-{offer.country}",
                picked=previous.picked if is_kept else 0,
            )
        )

    async def _look_until(
        self, search: Search, window: Interval, until: datetime
    ) -> tuple[Search, Offer]:
        """Load windows up to ``until``; load more until an open start is found."""
        while True:
            offer = await self._find_offer(window)
            self._branch = offer.branch.id if offer.branch else None
            self.place = self._place_view(offer)
            search = windows.search_with_offer(search, offer)
            self._looked_until = window.end
            is_enough = bool(search.starts) and window.end >= until
            if is_enough or window.end >= offer.horizon_end:
                return search, offer
            window = windows.search_window_from(window.end)

    def _place_view(self, offer: Offer) -> PlaceView:
        if self._wanted == ANY_BRANCH:
            return PlaceView(name=say("scheduler.where.any_branch"))
        return place_view(offer.branch)

    async def _look_again(self, day: date) -> None:
        """Reload one day, or all days if the offer has changed."""
        with self._explain_closed():
            try:
                await self._refresh_day(day)
            except InvalidInputError:
                await self._load_offer()

    @contextmanager
    def _explain_closed(self) -> Iterator[None]:
        """Show the reason instead of times if nothing can be booked."""
        try:
            yield
        except (InvalidInputError, PublicSchedulingOffError) as error:
            self.problem = str(error)
            self._show_search(replace(self._search, starts=(), picked=0))

    async def _load_advisers(self) -> None:
        answer = UUID(self._answer)
        people = await ask(assigning.agents_to_choose, [answer], self._branch)
        serving = [one for one in people[answer] if self._language in one.languages]
        if self._agent not in {one.id for one in serving}:
            self._agent = None
        self.advisers = adviser_choices(serving, self._agent)
        picked = next((one for one in self.advisers if one.picked), None)
        self.adviser = picked.label if picked else ""
        self.chosen = picked.key if picked else ""

    async def _find_offer(self, window: Interval) -> Offer:
        return await ask(
            booking.offer_slots,
            UUID(self._answer),
            self._language,
            window,
            self._agent,
            self._wanted,
        )

    def _reset_picker(self) -> None:
        self._answer = self._language = self.message = self.problem = ""
        self.adviser = self.chosen = ""
        self._agent = self._branch = self._wanted = None
        self.place = PlaceView()
        self.nearest, self.advisers = [], []
        old = self._search
        self._show_search(Search(zone=old.zone, locale=old.locale, now=old.now))

    def _zone_of_visitor(self) -> str:
        return self._own_zone or self._search.zone

    def _mark_lost(self, nearest: tuple[Interval, ...]) -> None:
        lost = self._search.picked
        taken = self._search.taken | {lost}
        near = [picker_minutes(span.start) for span in nearest]
        starts = tuple(sorted({*self._search.starts, *near} - taken))
        self._show_search(replace(self._search, starts=starts, taken=taken, picked=0))
        self.nearest = [picker_slot(start, self._search) for start in near[:3]]

    def _pick_start(self, key: str) -> None:
        start = whole_number(key)
        if start is None or start not in self._search.starts:
            return
        self.message, self.nearest = "", []
        self._search = replace(self._search, picked=start)
        self._show_day_of(start)

    def _show_day_of(self, start: int) -> None:
        """Show the day of a start, unless the day is over."""
        day = None
        if start >= self._search.now:
            day = self._search.local_time_of(start).date()
        self._show_search(replace(self._search, day=day, page=day))

    def _picked_day(self, zone: str) -> date | None:
        picked = self._search.picked
        return picker_date(picked, ZoneInfo(zone)) if picked else None

    async def _refresh_day(self, day: date) -> None:
        """Reload one day; times booked by others keep their place and are marked."""
        if not self._answer:
            return
        span = windows.search_day_span(day, self._search.zones())
        offer = await self._find_offer(span)
        search, gone = windows.search_after_look(self._search, span, offer)
        self._show_search(search)
        self._announce_lost(gone)

    def _announce_lost(self, gone: set[int]) -> None:
        if gone:
            labels = [picker_slot(start, self._search).label for start in sorted(gone)]
            self.message = count(
                "scheduler.when.lost", len(labels), times="; ".join(labels)
            )

    def _show_search(self, search: Search) -> None:
        self._search = search
        self.view = picker_month_view(search)


async def picked_start_in_picker(state: rx.State) -> Pick | None:
    """Return the start picked on the page of ``state``; ``None`` for none."""
    picker = await state.get_state(PickerState)
    search = picker._search
    if not search.picked:
        return None
    place = search.place_of(search.picked)
    return Pick(
        starts_at=picker_instant(search.picked),
        agent_id=picker._agent,
        branch_id=place.id if place else picker._branch,
        time_zone=picker._zone_of_visitor(),
        locale=search.locale,
    )


async def load_picker_offer(state: rx.State, offer: PickerOffer) -> None:
    """Load all open starts of an offer, and pick the start that the offer names.

    The chosen agent stays chosen; for another topic, the offer's agent is chosen.
    Times of a visit are shown in the zone of the branch.
    """
    picker = await state.get_state(PickerState)
    await picker._open_offer(offer)


async def refresh_picker(state: rx.State) -> None:
    """Mark times that others have booked; the shown day and the picked start stay."""
    await (await state.get_state(PickerState))._refresh()


async def pick_start_in_picker(state: rx.State, key: str) -> None:
    """Pick a start that is on offer."""
    (await state.get_state(PickerState))._pick_start(key)


async def adopt_browser_in_picker(state: rx.State, zone: str, locale: str) -> None:
    """Use a time zone and the date formats of a locale."""
    (await state.get_state(PickerState))._adopt_browser(zone, locale)


async def mark_lost_in_picker(state: rx.State, nearest: tuple[Interval, ...]) -> None:
    """Mark the picked start as booked by others, and offer the nearest free starts."""
    (await state.get_state(PickerState))._mark_lost(nearest)


async def reset_picker(state: rx.State) -> None:
    """Clear the offer and the picked start; keep the visitor's zone."""
    (await state.get_state(PickerState))._reset_picker()
