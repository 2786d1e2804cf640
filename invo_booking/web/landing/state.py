"""The state of the landing page, which also mails the links of appointments."""

import reflex as rx

from invo_booking.domain import contact
from invo_booking.domain.errors import ProofOfWorkRequiredError, TooManyRequestsError
from invo_booking.usecases.booking import manage
from invo_booking.usecases.booking.admission import AdmissionRequest, Purpose
from invo_booking.web.core import live, routes
from invo_booking.web.core.ask import ask
from invo_booking.web.core.effort import EffortMixin
from invo_booking.web.core.guard import EventPolicy, allow
from invo_booking.web.core.site import SiteMixin
from invo_booking.web.landing.view import TopicLinkView, landing_topics


class LandingState(SiteMixin, EffortMixin, rx.State):
    """The landing page as one visitor sees it."""

    topics: list[TopicLinkView] = []
    sent_to: str = ""
    problem: str = ""

    _address: str = ""

    @rx.event
    @allow(EventPolicy.PUBLIC)
    async def open_page(self) -> None:
        """Show the institution, and keep up to date whether booking is switched on."""
        await self._refresh()
        live.watch_settings(self, routes.LANDING)

    async def _refresh(self) -> None:
        """Reload what an administrator may have changed."""
        site = await self._load_site()
        self.topics = landing_topics(site) if site.scheduling_on else []

    @rx.event
    @allow(EventPolicy.PUBLIC)
    async def send_links(self, form: dict[str, str]) -> None:
        """Mail the links of a customer's live appointments.

        The page shows the same message whether or not such appointments exist.
        """
        self.sent_to = self.problem = ""
        self._check_trap(form)
        try:
            self._address = contact.clean_email(str(form.get("mail") or "")[:400])
        except ValueError as error:
            self.problem = str(error)
            return
        await self._continue()

    async def _continue(self) -> None:
        if self._must_wait():
            return
        try:
            await ask(manage.mail_links, self._address, self._effort())
        except ProofOfWorkRequiredError as required:
            self._wait_for(required)
            return
        except TooManyRequestsError as error:
            self._drop_proof()
            self.problem = str(error)
            return
        self._drop_proof()
        self.sent_to = self._address

    async def _planned_request(self) -> AdmissionRequest:
        return AdmissionRequest(purpose=Purpose.LINKS)
