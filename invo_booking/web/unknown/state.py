"""The state of the page at unknown URLs."""

import reflex as rx
from reflex.event import EventType

from invo_booking.web.core import guard
from invo_booking.web.core.guard import EventPolicy, allow
from invo_booking.web.core.session import SessionState
from invo_booking.web.core.site import SiteMixin


class UnknownState(SiteMixin, rx.State):
    """Decides whether the page has the frame of staff pages or of public pages."""

    is_staff: bool = False

    @rx.event
    @allow(EventPolicy.PUBLIC, is_activity=False)
    async def open_page(self) -> EventType[()] | None:
        """Show the institution, in the frame of staff pages or of public pages."""
        self.is_staff = await guard.visitor_of(self) is not None
        await self._load_site()
        return SessionState.greet_person if self.is_staff else None
