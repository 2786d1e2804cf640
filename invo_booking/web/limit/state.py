"""Let customers who have the maximum of appointments cancel one, by a mailed link."""

from collections.abc import Callable

import reflex as rx
from reflex.event import EventSpec

from invo_booking.domain.errors import InvoError, NotFoundError, PurgedError
from invo_booking.texts import in_language
from invo_booking.usecases.booking import limit_resolution
from invo_booking.usecases.booking.limit_resolution import LimitPrompt, LimitStage
from invo_booking.web.core import guard, routes
from invo_booking.web.core.ask import ask
from invo_booking.web.core.guard import EventPolicy, allow
from invo_booking.web.core.link_state import LinkMixin
from invo_booking.web.core.routes import DONE, Done
from invo_booking.web.kit.text import times, words
from invo_booking.web.limit.view import LimitView, limit_view

Doing = Callable[..., LimitPrompt]


class LimitState(LinkMixin, rx.State):
    """The choice of a customer who already has the maximum of appointments."""

    view: LimitView = LimitView()

    @rx.event
    @allow(EventPolicy.PUBLIC)
    async def choose_appointment(self, key: str) -> None:
        """Select the appointment to cancel, without canceling it."""
        await self._load_page(str(key))

    @rx.event
    @allow(EventPolicy.PUBLIC)
    async def swap_appointments(self) -> EventSpec | None:
        """Cancel the selected appointment and confirm the new appointment."""
        key = self.view.picked.key
        return await self._run_action(
            limit_resolution.swap_for_held, words.parse_id(key) if key else None
        )

    @rx.event
    @allow(EventPolicy.PUBLIC)
    async def give_back_time(self) -> EventSpec | None:
        """Release the time of the new appointment and keep the earlier appointments."""
        return await self._run_action(limit_resolution.keep_earlier)

    async def _run_action(self, usecase: Doing, *args: object) -> EventSpec | None:
        self.problem = ""
        try:
            prompt = await ask(usecase, self._token(), *args)
        except InvoError as error:
            await self._load_page()
            self.problem = str(error)
            return None
        self._show_prompt(prompt)
        if prompt.stage is LimitStage.BOOKED:
            page = in_language(routes.STATUS.replace("[token]", prompt.token))
            return rx.redirect(f"{page}?{DONE}={Done.CONFIRMED}")
        return None

    def _token(self) -> str:
        """Return the secret in the page's URL."""
        return guard.link_secret_of_page(self)

    async def _load_page(self, picked: str = "") -> None:
        try:
            prompt = await ask(limit_resolution.read_limit_prompt, self._token())
        except NotFoundError as error:
            self.view, self.is_missing = LimitView(), True
            self.is_purged = isinstance(error, PurgedError)
        else:
            self._show_prompt(prompt, picked)

    def _show_prompt(self, prompt: LimitPrompt, picked: str = "") -> None:
        held = prompt.held
        zone = times.browser_zone_of(
            self._zone or held.customer.time_zone, prompt.institution_zone
        )
        picked = picked or self.view.picked.key
        self.view = limit_view(prompt, picked, zone, times.locale_of(self._locale))
        self.is_missing = False
