"""The state of a person's account page; passwords and tokens use plain forms."""

import reflex as rx

from invo_booking.texts import say
from invo_booking.usecases.accounts import profile, tokens
from invo_booking.usecases.booking.booking import new_idempotency_key
from invo_booking.web.core import guard
from invo_booking.web.core.ask import ask
from invo_booking.web.core.binding import is_reconnect
from invo_booking.web.core.form_state import FormState
from invo_booking.web.core.guard import EventPolicy, allow
from invo_booking.web.core.session import SessionState
from invo_booking.web.kit.text.names import reason_text
from invo_booking.web.profile.view import (
    DONE,
    PROBLEMS,
    NewTokenForm,
    ProfileView,
    profile_token_form,
    profile_view,
)


class ProfileState(FormState, SessionState):
    """The account of the signed-in person."""

    view: ProfileView = ProfileView()
    form: NewTokenForm = NewTokenForm()
    is_ready: bool = False

    @rx.event
    @allow(EventPolicy.STAFF, is_activity=False)
    async def open_page(self) -> None:
        """Show the account, and the result of a form that was just posted."""
        if not await is_reconnect(self):
            self._show_result()
        await self._refresh()

    @rx.event
    @allow(EventPolicy.STAFF)
    async def sign_out_browser(self, key: str) -> None:
        """End one of the person's sessions."""
        with self._catch_refusal():
            await ask(
                profile.sign_out_browser, await guard.actor_of_page(self), str(key)
            )
            self._succeed(say("profile.browsers.signed_out"))
        await self._refresh()

    @rx.event
    @allow(EventPolicy.STAFF)
    async def sign_out_others(self) -> None:
        """End all of the person's sessions except the current one."""
        actor = await guard.actor_of_page(self)
        await ask(profile.sign_out_others, actor, self._session_key())
        self._succeed(say("profile.browsers.others_signed_out"))
        await self._refresh()

    @rx.event
    @allow(EventPolicy.STAFF)
    async def revoke_token(self, key: str) -> None:
        """Revoke one of the person's tokens."""
        with self._catch_refusal():
            await ask(
                tokens.revoke_own_api_token, await guard.actor_of_page(self), str(key)
            )
            self._succeed(say("tokens.revoked"))
        await self._refresh()

    def _show_result(self) -> None:
        self.submit_key = new_idempotency_key()
        query = self.router.url.query_parameters
        self.done = reason_text(DONE, query.get("done", ""))
        self.problem = reason_text(PROBLEMS, query.get("error", ""))
        self.form = profile_token_form(query)

    async def _refresh(self) -> None:
        actor = await guard.actor_of_page(self)
        catalogue = await self._load_catalogue(actor)
        current = await ask(profile.own_profile, actor, self._session_key())
        self.view = profile_view(current, self._viewer(catalogue.time_zone))
        self.is_ready = True

    def _session_key(self) -> str:
        return guard.session_key_of_page(self)
