"""The days on which nobody works, on the institution's page."""

from datetime import date
from typing import Any
from uuid import UUID

import reflex as rx

from invo_booking.domain.errors import InvoError
from invo_booking.usecases.admin import closures
from invo_booking.usecases.admin.affected import AffectedAppointmentsError
from invo_booking.usecases.admin.effects import Disposition
from invo_booking.web.admin.affected_view import (
    DisplacedView,
    displaced_views,
    fates_of,
)
from invo_booking.web.admin.institution import view as presenter
from invo_booking.web.admin.institution.view import DayView, HolidayView
from invo_booking.web.appointment.drawer_view import OptionView
from invo_booking.web.core import guard, live, routes
from invo_booking.web.core.ask import ask
from invo_booking.web.core.guard import Policy, allow
from invo_booking.web.core.session import SessionState
from invo_booking.web.kit import times


class ClosuresState(SessionState):
    """Closed days, and the public holidays one may choose from.

    Attributes:
        days: Those within a year.
        may_close: Whether a public holiday found is not closed yet.
        key: Another text after every success, so that the form is empty again.
    """

    days: list[DayView] = []
    later: list[DayView] = []
    may_close: bool = False
    is_ready: bool = False
    country: str = ""
    part: str = ""
    year: str = ""
    parts: list[OptionView] = []
    years: list[OptionView] = []
    found: list[HolidayView] = []
    displaced: list[DisplacedView] = []
    key: str = ""
    done: str = ""
    problem: str = ""
    errors: dict[str, str] = {}

    _closing: dict[str, str] = {}  # name by date, while the effects are shown

    @rx.event
    @allow(Policy.ADMIN, is_activity=False)
    async def open_page(self) -> None:
        """Show the closed days, and this year's public holidays of the country."""
        self._calm("")
        desk = await ask(closures.closure_desk, await guard.actor(self))
        self.country, self.part = desk.country, ""
        self.year, self.years = (
            str(desk.today.year),
            presenter.year_options(desk.today),
        )
        await self._refresh()
        self.is_ready = True
        live.watch(self, routes.INSTITUTION)

    @rx.event
    @allow(Policy.ADMIN)
    async def choose_country(self, country: str) -> None:
        """List the public holidays of another country."""
        self.country, self.part = str(country), ""
        await self._refresh()

    @rx.event
    @allow(Policy.ADMIN)
    async def choose_part(self, part: str) -> None:
        """List the public holidays of a part of the country."""
        self.part = str(part)
        await self._refresh()

    @rx.event
    @allow(Policy.ADMIN)
    async def choose_year(self, year: str) -> None:
        """List the public holidays of another year."""
        self.year = str(year)
        await self._refresh()

    @rx.event
    @allow(Policy.ADMIN)
    async def close_day(self, form: dict[str, Any]) -> None:
        """Close one day, unless appointments have to be looked at first."""
        try:
            await self._close(presenter.closing(form), {})
        except InvoError as error:
            self._refuse(error)

    @rx.event
    @allow(Policy.ADMIN)
    async def close_holidays(self, form: dict[str, Any]) -> None:
        """Close the days that are ticked, as ``close_day`` does."""
        try:
            await self._close(presenter.chosen(form, self.found), {})
        except InvoError as error:
            self._refuse(error)

    @rx.event
    @allow(Policy.ADMIN)
    async def keep_displaced(self) -> None:
        """Close the days; the appointments shown stay as they are."""
        await self._decide(Disposition.KEEP)

    @rx.event
    @allow(Policy.ADMIN)
    async def hand_over(self) -> None:
        """Close the days; colleagues who can get the appointments shown."""
        await self._decide(Disposition.REASSIGN)

    @rx.event
    @allow(Policy.ADMIN)
    async def go_back(self) -> None:
        """Close nothing."""
        self.displaced = []

    @rx.event
    @allow(Policy.ADMIN)
    async def reopen(self, day: str) -> None:
        """Let people work on a closed day again."""
        try:
            actor, wanted = await guard.actor(self), presenter.day_of(str(day))
            await ask(closures.change, actor, close={}, reopen=[wanted])
        except InvoError as error:
            self._refuse(error)
        else:
            self._calm("The day is open again.")
            await self._refresh()

    @rx.event
    @allow(Policy.ADMIN)
    async def dismiss(self) -> None:
        """Take the sentence about a problem away."""
        self.problem = ""

    async def _decide(self, fate: Disposition) -> None:
        days = {date.fromisoformat(day): name for day, name in self._closing.items()}
        try:
            await self._close(days, fates_of(self.displaced, fate))
        except InvoError as error:
            self._refuse(error)

    async def _close(
        self, days: dict[date, str], fates: dict[UUID, Disposition]
    ) -> None:
        actor = await guard.actor(self)
        try:
            await ask(closures.change, actor, close=days, fates=fates)
        except AffectedAppointmentsError as error:
            viewer = self._viewer((await self._catalogue(actor)).time_zone)
            self._calm("")
            self._closing = {day.isoformat(): name for day, name in days.items()}
            self.displaced = displaced_views(error.displaced, viewer, handing_over=True)
        else:
            count = len(days)
            self._calm(f"{count} days are closed." if count > 1 else "1 day is closed.")
            self.key = f"{self._viewer('UTC').now.timestamp()}"
            await self._refresh()

    async def _refresh(self) -> None:
        actor = await guard.actor(self)
        locale = times.locale_of(self.router.headers.accept_language)
        desk = await ask(closures.closure_desk, actor)
        self.days, self.later = presenter.day_views(desk, locale)
        self.parts = presenter.part_options(self.country)
        try:
            found = await ask(
                closures.public_holidays,
                actor,
                country=self.country,
                part=self.part,
                year=int(self.year) if self.year.isdecimal() else 0,
            )
        except InvoError as error:
            self.found = []
            self._refuse(error)
        else:
            self.found = presenter.holiday_views(found, locale)
        self.may_close = not all(one.is_closed for one in self.found)

    def _calm(self, done: str) -> None:
        self.done, self.problem, self.errors, self.displaced = done, "", {}, []

    def _refuse(self, error: InvoError) -> None:
        self.errors = presenter.field_errors(error)
        self.done, self.displaced = "", []
        self.problem = "" if self.errors else str(error)
