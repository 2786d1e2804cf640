"""Events over a bare socket, each with everything it brought back."""

import asyncio
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl
from uuid import uuid4

import aiohttp
import socketio
from reflex_base.registry import RegistrationContext

from invo_booking.web.core import routes
from tests.matrix.crew import Visitor
from tests.matrix.served import NAMESPACE

PATIENCE = 120.0
"""Seconds for one event; more is a failure."""

MARK = "served____mark"
REACH = f"reflex___state____state.tests___matrix___{MARK}.reach"
NOTICE = "notice____notice_state"
REDIRECT = "_redirect"

Call = tuple[str, Mapping[str, Any]]
"""Full name of an event and its payload."""


@dataclass(frozen=True)
class Told:
    """What came back for one event.

    Attributes:
        updates: Deltas and events for the front end, in order.
    """

    name: str
    payload: Mapping[str, Any]
    updates: list[dict[str, Any]] = field(default_factory=list)

    @property
    def text(self) -> str:
        return json.dumps(self.updates, default=str)

    @property
    def ways(self) -> list[str]:
        """Where the browser is sent."""
        return [
            event["payload"].get("path", "")
            for update in self.updates
            for event in update.get("events") or ()
            if event["name"] == REDIRECT
        ]

    @property
    def is_refused(self) -> bool:
        """Whether it was refused as all are: one redirect, and nothing else."""
        sent_away = [way for way in self.ways if is_refusal(way)]
        return len(sent_away) == len(self.updates) == 1 and not self.deltas

    @property
    def is_sent_away(self) -> bool:
        """Whether a refusal is among what came back."""
        return any(is_refusal(way) for way in self.ways)

    @property
    def deltas(self) -> dict[str, Any]:
        """Vars that changed, by state."""
        found: dict[str, Any] = {}
        for update in self.updates:
            found |= update.get("delta") or {}
        return found

    @property
    def has_failed(self) -> bool:
        """Whether the server met what nobody planned for."""
        return any(state.endswith(NOTICE) for state in self.deltas)


def is_refusal(path: str) -> bool:
    """Whether an address is one that refused events lead to."""
    refused = f"{routes.DASHBOARD}?{routes.REFUSED}="
    return path.startswith((routes.SIGN_IN, refused))


class Line:
    """One websocket of one visitor, with a state of its own."""

    def __init__(self, url: str, visitor: Visitor) -> None:
        self._url = url
        self._visitor = visitor
        self._heard: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._asked = 0
        self._ended = asyncio.Event()

    async def __aenter__(self) -> Self:
        self._http = aiohttp.ClientSession()
        self._socket = socketio.AsyncClient(
            http_session=self._http, reconnection=False, logger=False
        )
        self._socket.on("event", self._heard.put, namespace=NAMESPACE)
        self._socket.on("answered", self._note_answered, namespace=NAMESPACE)
        self._socket.on("disconnect", self._note_end, namespace=NAMESPACE)
        await self._socket.connect(
            f"{self._url}/_event?token={uuid4()}",
            headers=self._visitor.headers(self._url),
            transports=["websocket"],
            namespaces=[NAMESPACE],
            socketio_path="/_event",
        )
        await self.go_to("/")  # the state is made, and the page's loaders have run
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._socket.disconnect()
        await self._http.close()

    async def send(self, name: str, payload: Mapping[str, Any], at: str = "/") -> Told:
        """Send an event and return all it led to, events it set off included."""
        await self._emit(name, payload, at)
        updates = await self._until_answered(with_background=is_background(name))
        return Told(name, payload, updates)

    async def go_to(self, at: str) -> None:
        """Have another page open, by an event from there that tells nothing."""
        await self._emit(REACH, {"number": self._asked}, at)
        await self._until_answered()

    async def send_all(self, calls: Iterable[Call], at: str = "/") -> list[Told]:
        """Send events one after the other, all from one page."""
        return [await self.send(name, payload, at) for name, payload in calls]

    async def until_closed(self, patience: float) -> Told:
        """Return what the server says unasked until it closes the socket.

        Raises:
            TimeoutError: If it stays open for so many seconds.
        """
        await asyncio.wait_for(self._ended.wait(), patience)
        said = [self._heard.get_nowait() for _ in range(self._heard.qsize())]
        return Told("unasked", {}, said)

    async def until_told(self, patience: float) -> Told:
        """Return the next that the server says unasked with a way to go."""
        told = Told("unasked", {})
        async with asyncio.timeout(patience):
            while not told.ways:
                told.updates.append(await self._heard.get())
        return told

    async def _note_end(self, *_reason: object) -> None:
        self._ended.set()

    async def _note_answered(self, number: int) -> None:
        await self._heard.put({"answered": number})

    async def _until_answered(
        self, *, with_background: bool = False
    ) -> list[dict[str, Any]]:
        """Return what came back for all that was sent, events set off included."""
        self._asked += 1
        asked = (self._asked, {"with_background": with_background})
        await self._socket.emit("when_answered", asked, namespace=NAMESPACE)
        heard: list[dict[str, Any]] = []
        while True:
            update = await asyncio.wait_for(self._heard.get(), PATIENCE)
            if update.get("answered") == self._asked:
                return heard
            _leave_out_mark(update)
            if update.get("delta") or update.get("events"):
                heard.append(update)

    async def _emit(self, name: str, payload: Mapping[str, Any], at: str) -> None:
        path, _, query = at.partition("?")
        router = {"pathname": path, "asPath": at, "query": dict(parse_qsl(query))}
        event = {"name": name, "payload": dict(payload), "router_data": router}
        if not payload:
            del event["payload"]  # as browsers do
        await self._socket.emit("event", event, namespace=NAMESPACE)


async def tell_all(
    url: str, calls_of: Iterable[tuple[Visitor, list[Call]]], at: str = "/"
) -> dict[str, list[Told]]:
    """Let several visitors send their events at the same time; answers by visitor.

    Args:
        url: Of the web process.
        calls_of: Whose, and which events.
        at: Address of the page that all of them have open.
    """

    async def tell(visitor: Visitor, calls: list[Call]) -> tuple[str, list[Told]]:
        async with Line(url, visitor) as line:
            return visitor.name, await line.send_all(calls, at)

    return dict(await asyncio.gather(*(tell(*each) for each in calls_of)))


def is_background(name: str) -> bool:
    """Whether an event is handled beside those that come after it."""
    known = RegistrationContext.ensure_context().event_handlers.get(name)
    return known is not None and known.handler.is_background


def _leave_out_mark(update: dict[str, Any]) -> None:
    delta = update.get("delta") or {}
    for state in [state for state in delta if state.endswith(MARK)]:
        del delta[state]
