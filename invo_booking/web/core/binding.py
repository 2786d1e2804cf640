# ruff: noqa: SLF001 - what a state keeps for the server is private so that no event sets it
"""Clear the state of a page when its session or the person's rights change.

Reflex finds a state by a token that the browser chooses and keeps after sign-out.
Therefore each state stores a digest of its session and of the person's rights. The
state is cleared before the first event whose session or rights differ.
"""

import hmac

from reflex.app import App
from reflex.middleware.middleware import Middleware
from reflex.state import BaseState, StateUpdate
from reflex_base.constants.compiler import CompileVars
from reflex_base.event import Event

from invo_booking.usecases.accounts.session_status import session_status
from invo_booking.web.core import guard, presence
from invo_booking.web.core.ask import ask
from invo_booking.web.core.notice import NoticeState
from invo_booking.web.core.session import SessionState


class SessionBinding(Middleware):
    """Clears the states of staff pages when the session of a client token changes."""

    async def preprocess(
        self,
        app: App,  # noqa: ARG002  the signature is Reflex's
        state: BaseState,
        event: Event,
    ) -> StateUpdate | None:
        """Clear data that was read for another session or with other rights.

        Always lets the event continue. Runs before all guards, because Reflex sends a
        page its whole state without calling a guard. Does not count as activity.
        """
        session = await state.get_state(SessionState)
        key = guard.session_key_of_page(state)
        standing = await ask(session_status, key) if key else None
        holder = presence.page_session_bond(key, standing)
        if not hmac.compare_digest(session._holder, holder):
            await presence.clear_page(session)
            session._holder = holder
        if standing is not None:
            client = state.router.session.client_token
            presence.bind_page_client(
                client, key, standing, is_page_load=_sends_all(event)
            )
        if _sends_all(event):
            (await state.get_state(NoticeState)).reset()
        return None


def _sends_all(event: Event) -> bool:
    return event.name.rpartition(".")[2] in {
        CompileVars.HYDRATE,
        CompileVars.HYDRATE_AND_LOAD,
    }
