# ruff: noqa: SLF001 - what a state keeps for the server is private so that no event sets it
"""Prepare a page's state before each event: clear the state, or detect a reconnect.

Reflex finds a state by a token that the browser chooses and keeps after sign-out.
Therefore each state stores a digest of its session and of the person's rights. The
state is cleared before the first event whose session or rights differ.

When an open page reconnects, Reflex sends the same events as when a page is loaded. On
a reconnect, nothing that was typed, chosen or opened may be discarded, so event
handlers call ``is_reconnect`` to distinguish the two cases.
"""

import hmac

import reflex as rx
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

_ON_LOAD = CompileVars.ON_LOAD_INTERNAL.rpartition(".")[2]


class PageLoadState(rx.State):
    """The URL of the latest load, and whether that load is only a reconnect."""

    _address: str = ""  # with the query; empty before a page is loaded
    _is_pending: bool = False  # whether a reconnect causes the next load
    _is_reconnect: bool = False


async def is_reconnect(state: rx.State) -> bool:
    """Whether this page was already open at its URL, and only its socket is new.

    The content of such a page is brought up to date. What the visitor typed, chose or
    opened stays. An appointment or form that the URL names is not opened again.
    """
    load = await state.get_state(PageLoadState)
    return load._is_reconnect and load._address == _address_of(state)


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
            (await state.get_state(PageLoadState)).reset()
            session._holder = holder
        if standing is not None:
            client = state.router.session.client_token
            presence.bind_page_client(
                client, key, standing, is_page_load=_sends_all(event)
            )
        if _sends_all(event):
            (await state.get_state(NoticeState)).reset()
        await _note_load(state, event)
        return None


async def _note_load(state: BaseState, event: Event) -> None:
    """Store whether the next load of the page is only a reconnect.

    A browser that loads a document sends hashes of the document's initial state; a
    reconnecting page sends none. The next event, which loads the page, is the same in
    both cases, and also when a visitor follows a link.
    """
    name = event.name.rpartition(".")[2]
    if name == CompileVars.HYDRATE_AND_LOAD:
        load = await state.get_state(PageLoadState)
        load._is_pending = not event.payload.get(CompileVars.PAYLOAD_HASHES)
    elif name == _ON_LOAD:
        load, address = await state.get_state(PageLoadState), _address_of(state)
        load._is_reconnect = load._is_pending and load._address == address
        load._is_pending, load._address = False, address


def _address_of(state: BaseState) -> str:
    page = state.router.url
    return f"{page.path}?{page.query}"


def _sends_all(event: Event) -> bool:
    return event.name.rpartition(".")[2] in {
        CompileVars.HYDRATE,
        CompileVars.HYDRATE_AND_LOAD,
    }
