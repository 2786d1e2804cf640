# ruff: noqa: SLF001 - stands in for Reflex, which calls what is private to it
"""A browser at the other end of a websocket: events, page loads and reconnects."""

import re
from datetime import timedelta
from uuid import uuid4

import reflex as rx
from reflex.state import State
from reflex_base.constants.compiler import CompileVars
from reflex_base.event import Event
from reflex_base.registry import RegistrationContext

from invo_booking import bootstrap
from invo_booking.web.core import socket
from invo_booking.web.core.binding import SessionBinding
from invo_booking.web.core.pages import import_pages

A_MOMENT = timedelta(seconds=1)
ADDRESS = "/bookings?scope=team&view=day&date=2026-11-23"


class Client:
    """Somebody at a websocket: the states behind one token, and one handshake."""

    def __init__(self, cookie: str = "") -> None:
        import_pages()  # a root has the states that are known when it is made
        self.cookie = cookie
        self.token = str(uuid4())
        self.root = State(_reflex_internal_init=True)

    async def send(self, state: type[rx.State], name: str, *arguments, at=ADDRESS):
        """Handle one event as Reflex does once it has found the state."""
        await self._bind(name, at)
        self.root._clean()
        found = await self.root.get_state(state)
        return await state.event_handlers[name].fn(found, *arguments)

    async def open(self, *, at=ADDRESS) -> list:
        """Load a document, which has the state that every page begins with."""
        await self._bind(CompileVars.HYDRATE_AND_LOAD, at, hashes=["of the start"])
        return await self.follow(at=at)

    async def connect(self, *, at=ADDRESS) -> list:
        """Come back after a lost connection: all of the state is sent, and loaded."""
        bootstrap.deps().now.advance(A_MOMENT)
        await self._bind(CompileVars.HYDRATE_AND_LOAD, at)
        return await self.follow(at=at)

    async def follow(self, *, at=ADDRESS) -> list:
        """Follow a link within the product, or load what a connection needs.

        Returns what each loader of the page answers.
        """
        await self._bind(CompileVars.ON_LOAD_INTERNAL, at)
        return [
            await self.send(entry.states[0], entry.handler.fn.__name__, at=at)
            for entry in _loaders(at)
        ]

    async def delta(self) -> dict:
        """Return what the last event would send to the browser."""
        return await self.root._get_resolved_delta()

    async def see(self, state: type[rx.State]):
        """Return a state as it is."""
        return await self.root.get_state(state)

    async def _bind(self, name: str, at: str, **payload) -> None:
        self._arrive(at)
        event = Event(name=name, payload=payload)
        await SessionBinding().preprocess(None, self.root, event)

    def _arrive(self, at: str) -> None:
        config = bootstrap.deps().config
        sent = {
            "cookie": self.cookie,
            "accept-language": "en-GB,en;q=0.8",
            "origin": "http://localhost:8000",
        }
        headers = socket.headers_to_keep(config, sent)
        router = {
            "headers": headers,
            "token": self.token,
            "asPath": at,
            "pathname": at.partition("?")[0],
        }
        before = self.root.router_data
        self.root.router_data = self.root._update_router_vars(router, before)


def _loaders(at: str) -> list:
    """Return the handlers that load the page at an address, as they are registered."""
    known = RegistrationContext.ensure_context()
    loads = {str(it["route"]): it.get("on_load") for _, it in known.decorated_pages}
    path = at.partition("?")[0].rstrip("/") or "/"
    route = next(
        it for it in loads if re.fullmatch(re.sub(r"\[\w+\]", "[^/]+", it), path)
    )
    events = Event.from_event_type(loads[route])
    return [known.event_handlers[event.name] for event in events]
