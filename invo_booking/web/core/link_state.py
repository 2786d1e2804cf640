"""Open the pages behind a customer's secret link."""

import reflex as rx

from invo_booking.domain.contact import known_locale, known_zone
from invo_booking.web.core.binding import is_reconnect
from invo_booking.web.core.guard import EventPolicy, allow
from invo_booking.web.core.site import SiteMixin


class LinkMixin(SiteMixin, mixin=True):
    """The page behind a customer's link, in the browser's time zone and formats."""

    problem: str = ""
    is_missing: bool = False
    is_purged: bool = False  # the appointment is over and was deleted

    _zone: str = ""
    _locale: str = ""

    @rx.event
    @allow(EventPolicy.PUBLIC)
    async def open_page(self) -> None:
        """Show the page behind the link. Changes no stored data.

        On a reconnect, the open panel stays as it is.
        """
        is_kept = self.is_ready and await is_reconnect(self)
        if not is_kept:
            self._reset_page()
        await self._load_site()
        await self._load_page()
        if is_kept:
            await self._refresh_panel()
        else:
            await self._follow_address()

    @rx.event
    @allow(EventPolicy.PUBLIC)
    async def refresh_page(self) -> None:
        """Reload the page. Changes no stored data."""
        await self._load_page()

    @rx.event
    @allow(EventPolicy.PUBLIC)
    async def adopt_browser(self, zone: str, locale: str) -> None:
        """Use the browser's time zone and date formats. Changes no stored data."""
        self._zone = known_zone(zone, "")
        self._locale = known_locale(locale, f"en-{self.site.country}")
        if self.is_ready:
            await self._load_page()
            await self._follow_browser()

    def _reset_page(self) -> None:
        """Clear messages and open panels."""
        self.problem = ""

    async def _follow_address(self) -> None:
        """Open the part of the page that the query of the page's URL names."""

    async def _refresh_panel(self) -> None:
        """Bring the open panel up to date, without closing or resetting it."""

    async def _follow_browser(self) -> None:
        """Use the browser's time zone in panels that are already open."""

    async def _load_page(self) -> None:
        """Reload the page's contents."""
        raise NotImplementedError
