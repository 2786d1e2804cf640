# ruff: noqa: SLF001 - what a state keeps for the server is private so that no event sets it
"""What one session showed is never shown to the next.

Reflex finds a state by a token the browser chooses and keeps over sign-out. So each
state remembers, as a digest, whose session it belongs to, and is emptied before the
first event that comes with another one or with none.
"""

import hashlib
import hmac

from reflex.app import App
from reflex.middleware.middleware import Middleware
from reflex.state import BaseState, StateUpdate
from reflex_base.constants.compiler import CompileVars
from reflex_base.event import Event

from invo_booking.web import guard
from invo_booking.web.states.session import SessionState


class SessionBinding(Middleware):
    """Empties the states of staff when the session behind a token changes."""

    async def preprocess(
        self,
        app: App,  # noqa: ARG002  the signature is Reflex's
        state: BaseState,
        event: Event,
    ) -> StateUpdate | None:
        """Empty what belongs to another session or to one that ended.

        Never ends the event. Whether the session is still good is looked up where
        Reflex is about to send a page all of its state, before any guard is asked.
        """
        session = await state.get_state(SessionState)
        holder = digest(guard.session_key(state))
        if not hmac.compare_digest(session._holder, holder):
            await _empty(session)
            session._holder = holder
        elif holder and _sends_all(event) and await guard.visitor(session) is None:
            await _empty(session)


def digest(token: str) -> str:
    """Return what a state remembers of a session; empty for none."""
    return hashlib.sha256(token.encode()).hexdigest() if token else ""


def _sends_all(event: Event) -> bool:
    return event.name.rpartition(".")[2] in {
        CompileVars.HYDRATE,
        CompileVars.HYDRATE_AND_LOAD,
    }


async def _empty(session: SessionState) -> None:
    for kind in _below(SessionState):
        await session.get_state(kind)  # so that it is there to be emptied, too
    session.reset()


def _below(kind: type[BaseState]) -> list[type[BaseState]]:
    return [each for child in kind.get_substates() for each in (child, *_below(child))]
