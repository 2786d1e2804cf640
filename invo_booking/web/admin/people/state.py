"""The state of the list of people; the list's filters are in the URL."""

import reflex as rx

from invo_booking.usecases.admin import staffing
from invo_booking.web.admin.people import view
from invo_booking.web.admin.people.view import OffersView, PersonRowView
from invo_booking.web.core import guard, live, routes
from invo_booking.web.core.ask import ask
from invo_booking.web.core.binding import is_reconnect
from invo_booking.web.core.guard import EventPolicy, allow
from invo_booking.web.core.session import SessionState


class PeopleState(SessionState):
    """The people who match the filters.

    Attributes:
        address: URL of the list with the current filters.
        cleared: A new value makes the browser draw the name filter again.
    """

    rows: list[PersonRowView] = []
    offers: OffersView = OffersView()
    summary: str = ""
    counts_calendars: bool = False
    is_ready: bool = False
    address: str = routes.PEOPLE
    cleared: int = 0

    name: str = ""
    role: str = ""
    queue: str = ""
    language: str = ""
    account: str = view.ACTIVE

    @rx.event
    @allow(EventPolicy.ADMIN, is_activity=False)
    async def open_page(self) -> None:
        """Show the list, filtered as in the URL; opening a form keeps the filters."""
        query, is_kept = self.router.url.query_parameters, await is_reconnect(self)
        if not is_kept and not view.is_person_form_address(query):
            self._apply_filters(view.people_filters_of_address(query))
        await self._load_catalogue(await guard.actor_of_page(self))
        await self._refresh()
        self.is_ready = True
        live.watch_pages(self, routes.PEOPLE)

    @rx.event
    @allow(EventPolicy.ADMIN)
    async def find_people(self, name: str) -> None:
        """Show the people whose name or e-mail address contains a text."""
        self.name = str(name)[: view.LONGEST]
        await self._refresh()

    @rx.event
    @allow(EventPolicy.ADMIN)
    async def choose_filter(self, filter_name: str, value: str) -> None:
        """Set one filter; an empty value removes it."""
        if filter_name in view.FILTERS:
            setattr(self, filter_name, str(value)[: view.LONGEST])
            await self._refresh()

    @rx.event
    @allow(EventPolicy.ADMIN)
    async def clear_filters(self) -> None:
        """Clear all filters."""
        self._apply_filters(view.people_filters_of_address({"account": view.ANY}))
        await self._refresh()

    def _apply_filters(self, filters: dict[str, str]) -> None:
        self.cleared += int(filters["name"] != self.name)
        for name, value in filters.items():
            setattr(self, name, value)

    async def _refresh(self) -> None:
        overview = await ask(staffing.people_overview, await guard.actor_of_page(self))
        filters = {name: getattr(self, name) for name in view.FILTERS}
        people_filter = view.people_filter_of(**filters)
        self.rows = view.person_rows(
            overview, people_filter, self._viewer(overview.institution.zone.key)
        )
        self.counts_calendars = bool(overview.calendars)
        self.offers = view.people_filter_options(overview)
        self.summary = view.people_summary(len(self.rows), overview)
        self.address = view.people_list_address(filters)
