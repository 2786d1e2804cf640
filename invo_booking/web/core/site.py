"""What every public page knows of the institution."""

import reflex as rx

from invo_booking.usecases.booking import booking
from invo_booking.usecases.booking.booking import PublicSite
from invo_booking.web.core.ask import ask
from invo_booking.web.scheduler.view import SiteView, scheduler_site_view


class SiteMixin(rx.State, mixin=True):
    """The frame's contents, and loading them."""

    site: SiteView = SiteView()
    is_ready: bool = False

    async def _load_site(self) -> PublicSite:
        site = await ask(booking.public_site)
        self.site = scheduler_site_view(site)
        self.is_ready = True
        return site
