"""The list of people."""

import reflex as rx

from invo_booking.usecases import staffing
from invo_booking.web import guard, live, routes
from invo_booking.web.ask import ask
from invo_booking.web.guard import Policy, allow
from invo_booking.web.presenters import people
from invo_booking.web.presenters.people import OffersView, PersonRow
from invo_booking.web.states.session import SessionState


class PeopleState(SessionState):
    """Who works here, as far as the filters let through."""

    rows: list[PersonRow] = []
    offers: OffersView = OffersView()
    summary: str = ""
    is_ready: bool = False
    cleared: int = 0  # rises when the field of the name has to be emptied

    name: str = ""
    role: str = ""
    queue: str = ""
    language: str = ""
    account: str = people.ACTIVE

    @rx.event
    @allow(Policy.ADMIN)
    async def open_page(self) -> None:
        """Show the list."""
        await self._catalogue(await guard.actor(self))
        await self._refresh()
        self.is_ready = True
        live.watch(self, routes.PEOPLE)

    @rx.event
    @allow(Policy.ADMIN)
    async def find(self, name: str) -> None:
        """Show those whose name or address has these letters."""
        self.name = str(name)
        await self._refresh()

    @rx.event
    @allow(Policy.ADMIN)
    async def only(self, filter_name: str, value: str) -> None:
        """Show those who fit one more filter; an empty value lifts it."""
        if filter_name in {"role", "queue", "language", "account"}:
            setattr(self, filter_name, str(value))
            await self._refresh()

    @rx.event
    @allow(Policy.ADMIN)
    async def clear(self) -> None:
        """Show everybody."""
        self.name = self.role = self.queue = self.language = self.account = ""
        self.cleared += 1
        await self._refresh()

    async def _refresh(self) -> None:
        desk = await ask(staffing.people_desk, await guard.actor(self))
        wish = people.wish_of(
            self.name, self.role, self.queue, self.language, self.account
        )
        self.rows = people.rows(desk, wish, self._eyes(desk.institution.zone.key))
        self.offers = people.offers(desk)
        self.summary = people.summary(len(self.rows), desk)
