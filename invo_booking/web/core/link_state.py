"""Open the pages behind a customer's secret link."""

import reflex as rx

from invo_booking.domain.contact import known_locale, known_zone
from invo_booking.web.core.guard import EventPolicy, allow
from invo_booking.web.core.site import SiteMixin


class LinkMixin(SiteMixin, mixin=True):
    """The page of a link, in the browser's zone and formats."""

    problem: str = ""
    is_missing: bool = False

    _zone: str = ""
    _locale: str = ""

    @rx.event
    @allow(EventPolicy.PUBLIC)
    async def open_page(self) -> None:
        """Show the page of the link. Changes nothing."""
        self._reset_page()
        await self._load_site()
        await self._load_page()
        await self._say_what_was_done()

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

    def _reset_page(self) -> None:
        """Clear messages and open panels."""
        self.problem = ""

    async def _say_what_was_done(self) -> None:
        """Say what was done before the page was opened, if its address tells."""

    async def _load_page(self) -> None:
        """Reload the page's contents."""
        raise NotImplementedError
