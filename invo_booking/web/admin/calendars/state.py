"""The state of the former page *Calendar API*."""

import reflex as rx

from invo_booking.settings.spec import Page
from invo_booking.usecases.shared import settings
from invo_booking.web.admin.calendars import view
from invo_booking.web.admin.calendars.view import CalendarFactView
from invo_booking.web.core import guard, live, routes
from invo_booking.web.core.ask import ask
from invo_booking.web.core.guard import EventPolicy, allow
from invo_booking.web.core.session import SessionState


class CalendarApiState(SessionState):
    """The three settings for Google Calendar."""

    facts: list[CalendarFactView] = []
    is_ready: bool = False

    @rx.event
    @allow(EventPolicy.ADMIN, is_activity=False)
    async def open_page(self) -> None:
        """Show the stored values."""
        await self._load_catalogue(await guard.actor_of_page(self))
        await self._refresh()
        live.watch_pages(self, routes.CALENDAR_API)

    async def _refresh(self) -> None:
        actor = await guard.actor_of_page(self)
        page = await ask(settings.settings_page, actor, Page.CALENDARS)
        self.facts = view.calendar_fact_views(page.rows)
        self.is_ready = True
