"""Open the pages behind a customer's secret link."""

import reflex as rx

from invo_booking.domain.contact import known_locale, known_zone
from invo_booking.web.core.guard import EventPolicy, allow
from invo_booking.web.core.site import SiteMixin


class LinkMixin(SiteMixin, mixin=True):
    """The page of a link, in the browser's zone and formats."""

    problem: str = ""
    is_missing: bool = False
    is_purged: bool = False  # the appointment is over and was deleted

    _zone: str = ""
    _locale: str = ""

    @rx.event
    @allow(EventPolicy.PUBLIC)
    async def open_page(self) -> None:
        """Show the page of the link. Changes nothing."""
        self._reset_page()
        await self._load_site()
        await self._load_page()
        await self._follow_address()

    @rx.event
    @allow(EventPolicy.PUBLIC)
    async def refresh_page(self) -> None:
        """Reload the page. Changes nothing."""
        await self._load_page()

    @rx.event
    @allow(EventPolicy.PUBLIC)
    async def adopt_browser(self, zone: str, locale: str) -> None:
        """Use the browser's time zone and date formats. Changes nothing else."""
        self._zone = known_zone(zone, "")
        self._locale = known_locale(locale, f"en-{self.site.country}")
        if self.is_ready:
            await self._load_page()
            await self._follow_browser()

    def _reset_page(self) -> None:
        """Clear messages and open panels."""
        self.problem = ""

    async def _follow_address(self) -> None:
        """Show what the rest of the page's address asks for."""

    async def _follow_browser(self) -> None:
        """Show the browser's time zone in what is open already."""

    async def _load_page(self) -> None:
        """Reload the page's contents."""
        raise NotImplementedError
