# ruff: noqa: SLF001 - what a state keeps for the server is private so that no event sets it
"""What one session showed is never shown to the next, nor to one that may do less.

Reflex finds a state by a token the browser chooses and keeps over sign-out. So each
state remembers, as a digest, whose session it belongs to and what that person could
do, and is emptied before the first event that comes with anything else.
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
    """Empties the states of staff when whose they are changes behind a token."""

    async def preprocess(
        self,
        app: App,  # noqa: ARG002  the signature is Reflex's
        state: BaseState,
        event: Event,
    ) -> StateUpdate | None:
        """Empty what was read for another session, or for one that could do more.

        Never ends the event. It is looked up before any guard is asked, for Reflex
        sends a page all of its state without asking one. Looking is no activity.
        """
        session = await state.get_state(SessionState)
        key = guard.session_key(state)
        standing = await ask(session_status, key) if key else None
        holder = presence.session_bond(key, standing)
        if not hmac.compare_digest(session._holder, holder):
            await presence.clear_page(session)
            session._holder = holder
        if standing is not None:
            client = state.router.session.client_token
            presence.bind_client(client, key, standing, anew=_sends_all(event))
        if _sends_all(event):
            (await state.get_state(NoticeState)).reset()
        return None


def _sends_all(event: Event) -> bool:
    return event.name.rpartition(".")[2] in {
        CompileVars.HYDRATE,
        CompileVars.HYDRATE_AND_LOAD,
    }
