"""The landing page: book, or get the links of what is booked."""

import reflex as rx

from invo_booking.domain import contact
from invo_booking.domain.errors import TooManyRequestsError
from invo_booking.usecases import visit
from invo_booking.web.ask import ask
from invo_booking.web.guard import Policy, allow
from invo_booking.web.states.site import SiteMixin


class LandingState(SiteMixin, rx.State):
    """What one visitor of the landing page sees."""

    sent_to: str = ""
    problem: str = ""

    @rx.event
    @allow(Policy.PUBLIC)
    async def open(self) -> None:
        """Show the institution."""
        await self._load_site()

    @rx.event
    @allow(Policy.PUBLIC)
    async def send_links(self, form: dict[str, str]) -> None:
        """Mail the links of live appointments, and say the same whether any exist."""
        self.sent_to = ""
        try:
            address = contact.email(str(form.get("mail") or "")[:400])
            await ask(visit.send_links, address)
        except (ValueError, TooManyRequestsError) as error:
            self.problem = str(error)
            return
        self.problem, self.sent_to = "", address
