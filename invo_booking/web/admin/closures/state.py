"""The closed days of the institution or of a branch, on its page."""

from typing import Any
from uuid import UUID

import reflex as rx
from babel import Locale
from reflex.event import EventSpec

from invo_booking.domain.access.roles import Actor
from invo_booking.domain.errors import InvoError
from invo_booking.texts import count, say
from invo_booking.usecases.admin.catalogue import closures
from invo_booking.web.admin.affected_state import Dispositions
from invo_booking.web.admin.closures import view as presenter
from invo_booking.web.admin.closures.view import ClosedDayView, HolidayView
from invo_booking.web.admin.form_state import AdminFormState
from invo_booking.web.admin.form_view import FormView
from invo_booking.web.core import guard, live, routes
from invo_booking.web.core.ask import ask
from invo_booking.web.core.guard import EventPolicy, allow
from invo_booking.web.core.session import SessionState
from invo_booking.web.kit.parsing import whole_number
from invo_booking.web.kit.text import times, words
from invo_booking.web.kit.text.names import OptionView

HOLIDAYS = "holidays"


class ClosuresState(AdminFormState, SessionState):
    """Closed days, and public holidays that can become closed days.

    Attributes:
        days: Closed days within a year.
        may_close: Whether any public holiday in the list is not a closed day yet.
        form: Initial values of the form that adds a closed day.
        holidays_key: A new value makes the browser draw the list of public holidays
            again.
    """

    days: list[ClosedDayView] = []
    later: list[ClosedDayView] = []
    may_close: bool = False
    country: str = ""
    part: str = ""
    year: str = ""
    parts: list[OptionView] = []
    years: list[OptionView] = []
    suggestions: list[HolidayView] = []
    form: FormView = FormView(key="0")
    holidays_key: str = "0"

    _branch: UUID | None = None  # id of the branch; empty for the institution

    @rx.event
    @allow(EventPolicy.ADMIN, is_activity=False)
    async def open_page(self) -> None:
        """Show the institution's closed days, and this year's public holidays."""
        if await self._is_kept():
            await self._refresh()
        else:
            await self._show_this_year()
        live.watch_pages(self, routes.INSTITUTION)

    @rx.event
    @allow(EventPolicy.ADMIN, is_activity=False)
    async def open_branch(self) -> None:
        """If the URL names a branch, show its closed days."""
        query = self.router.url.query_parameters
        if "edit" in query:
            with self._catch_refusal():
                self._branch = words.parse_id(query["edit"])
                if await self._is_kept():
                    await self._refresh()
                else:
                    await self._stay_on_page("")
                live.watch_pages(self, routes.BRANCHES)

    @rx.event
    @allow(EventPolicy.ADMIN)
    async def choose_country(self, country: str) -> None:
        """List the public holidays of the chosen country."""
        self.country, self.part = str(country), ""
        await self._refresh()

    @rx.event
    @allow(EventPolicy.ADMIN)
    async def choose_part(self, part: str) -> None:
        """List the public holidays of the chosen part of the country."""
        self.part = str(part)
        await self._refresh()

    @rx.event
    @allow(EventPolicy.ADMIN)
    async def choose_year(self, year: str) -> None:
        """List the public holidays of the chosen year."""
        self.year = str(year)
        await self._refresh()

    @rx.event
    @allow(EventPolicy.ADMIN)
    async def edit_day(self, day: str) -> None:
        """Fill in the form with the names of a closed day."""
        actor = await guard.actor_of_page(self)
        overview = await ask(closures.closed_days_overview, actor, self._branch)
        self._fill_day_form(presenter.closed_day_texts(overview, str(day)))
        self.affected = []

    @rx.event
    @allow(EventPolicy.ADMIN)
    async def submit_holidays(self, form: dict[str, Any]) -> EventSpec | None:
        """Make the ticked holidays closed days, unless a review is needed first."""
        self._typed, self.saves = form, HOLIDAYS
        return await self._save_reviewed({})

    @rx.event
    @allow(EventPolicy.ADMIN)
    async def reopen_day(self, day: str) -> None:
        """Reopen a closed day."""
        with self._catch_refusal():
            actor, date = (
                await guard.actor_of_page(self),
                presenter.closed_day_of_key(str(day)),
            )
            await ask(
                closures.change_closed_days,
                actor,
                close={},
                reopen=[date],
                branch_id=self._branch,
            )
            await self._stay_on_page(say("closures.done.reopened"))

    async def _show_this_year(self) -> None:
        self._branch = None
        overview = await ask(
            closures.closed_days_overview, await guard.actor_of_page(self)
        )
        self.country, self.part = overview.country, ""
        self.year, self.years = (
            str(overview.today.year),
            presenter.holiday_year_options(overview.today),
        )
        await self._stay_on_page("")

    async def _store_form(self, decided: Dispositions) -> None:
        days = presenter.closures_of_form(self._typed, self.suggestions)
        await ask(
            closures.change_closed_days,
            await guard.actor_of_page(self),
            close=days,
            branch_id=self._branch,
            dispositions=decided,
        )
        if self.saves == HOLIDAYS:
            self.holidays_key = _next_key(self.holidays_key)
        else:
            self._fill_day_form({})
        await self._stay_on_page(count("closures.done.closed", len(days)))

    def _fill_day_form(self, texts: dict[str, str]) -> None:
        self.form = FormView(key=_next_key(self.form.key), texts=texts)

    async def _fill_form(self) -> None:
        await self._refresh()

    async def _refresh(self) -> None:
        actor = await guard.actor_of_page(self)
        locale = times.locale_of(self.router.headers.accept_language)
        overview = await ask(closures.closed_days_overview, actor, self._branch)
        self.days, self.later = presenter.closed_day_views(overview, locale)
        if self._branch is None:
            await self._suggest_holidays(actor, locale)

    async def _suggest_holidays(self, actor: Actor, locale: Locale) -> None:
        self.parts = presenter.holiday_region_options(self.country)
        self.suggestions = []
        with self._catch_refusal():
            holidays = await ask(
                closures.public_holidays,
                actor,
                country=self.country,
                part=self.part,
                year=whole_number(self.year) or 0,
            )
            self.suggestions = presenter.holiday_views(holidays, locale)
        self.may_close = not all(one.is_closed for one in self.suggestions)

    def _refuse(self, error: InvoError, sentence: str = "") -> None:
        super()._refuse(error, sentence)
        self.errors = presenter.closure_errors_by_field(self.errors)


def _next_key(key: str) -> str:
    return f"{int(key) + 1}"
