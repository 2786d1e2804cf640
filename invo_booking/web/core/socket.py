"""Receive the events of pages: store only part of their data, drop malformed events.

Reflex stores the headers of the handshake and the URL of the page in Redis, with the
state of the page. Reflex also logs a whole event if the event's handler does not exist.
Therefore this module stores only the headers in use: the session only as the hash that
the database has too, and secrets of customers' links only encrypted. Events without a
handler are dropped here.

The module depends on internals of the pinned version of Reflex: on ``on_event`` and
``_build_static_router_data`` of ``EventNamespace``. The latter makes that part of the
router data which is constant for a socket.
"""

import inspect
import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any, cast

import reflex as rx
from reflex.app import EventNamespace
from reflex.istate.manager.redis import StateManagerRedis
from reflex_base.constants import CompileVars, RouteVar
from socketio.exceptions import ConnectionRefusedError as ConnectionRefused

from invo_booking import bootstrap
from invo_booking.config import Config
from invo_booking.domain.access.caller import ADDRESS
from invo_booking.domain.access.cookie import cookie_name, session_cookie_value
from invo_booking.run.log_budget import LogBudget
from invo_booking.usecases.shared import page_secrets
from invo_booking.usecases.shared.links import hash_secret
from invo_booking.web.core.guard import Handler, has_policy
from invo_booking.web.core.page_state.tokens import SharedStates, shared_tokens

LONGEST_ADDRESS = 2_048
"""Maximum number of characters stored of a page's path and of each query value."""

LONGEST_LOGGED_NAME = 80
"""Maximum number of characters of an unknown event's name in the log."""

_SCHEMA = str(CompileVars.CONNECT_AUTH_STATE_SCHEMA)
_KEPT_HEADERS = ("host", "origin", "accept-language")
_LONGEST_HEADER = 512
_TOKEN = re.compile(r"[A-Za-z0-9_-]{1,64}")
_PLAIN = re.compile(r"[^A-Za-z0-9_.-]")
_SECRET = re.compile(r"(?<=^/a/)[^/?#]+|(?<=^/../a/)[^/?#]+|(?<=[?&]token=)[^&#]+")
_SECRET_ARGUMENT = "token"  # noqa: S105 - the name of a route's argument
_MOST_ARGUMENTS = 50
_SETTER = "setvar"
_budget = LogBudget()
_log = logging.getLogger(__name__)


class Socket(EventNamespace):
    """The socket of all pages."""

    def __init__(self, namespace: str, app: rx.App) -> None:
        super().__init__(namespace, app)
        self._token_manager = shared_tokens(self._token_manager)

    async def on_connect(
        self, sid: str, environ: dict[str, Any], auth: Any = None
    ) -> None:
        """Accept a connection whose client token is well formed."""
        query = str(environ.get("QUERY_STRING", ""))
        token = re.search(r"(?:^|&)token=([^&]*)", query)
        if token and not _TOKEN.fullmatch(token[1]):
            _log_sparingly("connection refused: its client token cannot be one")
            raise ConnectionRefused("This client token cannot be one.")
        await super().on_connect(sid, environ, await self._accept_schema(sid, auth))

    def open_sockets(self) -> list[str]:
        """Return the ids of all sockets of pages that this process holds."""
        return list(self.sid_to_token)

    def runs_event(self, sid: str | None = None) -> bool:
        """Whether an event of this page runs or waits; by default, of any page."""
        processor = self.app.event_processor
        if sid is None:
            return bool(processor._tasks)  # noqa: SLF001 - there is no public way
        return self.sid_to_token.get(sid) in processor._token_queues  # noqa: SLF001

    async def ask_to_reconnect(self, sid: str) -> None:
        """Ask a page to reconnect with a new socket; ``line.js`` reconnects."""
        await self.emit("reconnect", to=sid)

    async def _accept_schema(self, sid: str, auth: Any) -> Any:
        """Return a page's handshake data without the version of its states.

        If the versions differ, Reflex would reload the page, and what the visitor has
        typed would be lost. Instead, ``line.js`` asks the visitor to reload.
        """
        if not isinstance(auth, dict):
            return auth
        greeting = cast("dict[str, Any]", auth)
        schema = greeting.get(_SCHEMA)
        states = self.app._state  # noqa: SLF001 - there is no public way
        if schema and states and schema != states._to_frontend_schema():  # noqa: SLF001
            await self.emit("outdated", to=sid)
        return {name: value for name, value in greeting.items() if name != _SCHEMA}

    async def on_event(self, sid: str, data: Any) -> None:
        """Pass on events that have a handler and valid arguments; drop all others."""
        name, payload, router = read_socket_event(data)
        if name is None:
            _log_drop("malformed event", "")
        elif is_setter_event(name) or name not in self._handlers:
            _log_drop("unknown event", name)
        elif not self._is_fit(name, payload):
            _log_drop("event that does not fit its handler", name)
        else:
            config = bootstrap.deps().config
            address = address_to_keep(config, router) if router else {}
            event = {"name": name, "payload": payload, "router_data": address}
            await super().on_event(sid, event)

    def _is_fit(self, name: str, payload: dict[str, Any]) -> bool:
        handler = self._handlers[name].handler.fn
        return has_policy(handler) or is_sent_by_pages(handler, payload)

    @property
    def _handlers(self) -> Mapping[str, Any]:
        return self.app._registration_context.event_handlers  # noqa: SLF001

    def _build_static_router_data(
        self, sid: str, environ: dict[str, Any]
    ) -> dict[str, Any]:
        router = super()._build_static_router_data(sid, environ)
        headers = cast("dict[str, str]", router[RouteVar.HEADERS])
        router[RouteVar.HEADERS] = headers_to_keep(bootstrap.deps().config, headers)
        scope = environ.get("asgi.scope", {})
        router[RouteVar.CLIENT_IP] = scope.get(ADDRESS) or router[RouteVar.CLIENT_IP]
        return router


def attach_socket(app: rx.App) -> None:
    """Let the app receive events through our socket instead of Reflex's own."""
    states = app._state_manager  # noqa: SLF001 - there is no public way
    if isinstance(states, StateManagerRedis):
        options = {
            it.name: getattr(states, it.name) for it in fields(states) if it.init
        }
        app._state_manager = SharedStates(**options)  # noqa: SLF001
    theirs = app.event_namespace
    if theirs is None or app.sio is None:
        return
    ours = Socket(theirs.namespace, app)
    app.sio.register_namespace(ours)
    app._event_namespace = ours  # noqa: SLF001 - there is no public way


def headers_to_keep(config: Config, headers: Mapping[str, str]) -> dict[str, str]:
    """Return the headers of a handshake to store, without secrets."""
    headers_kept = {
        name: headers[name][:_LONGEST_HEADER]
        for name in _KEPT_HEADERS
        if headers.get(name)
    }
    token = session_cookie_value(
        headers.get("cookie", ""), cookie_name(config.public_url)
    )
    return headers_kept | ({"cookie": hash_secret(token)} if token else {})


def address_to_keep(config: Config, router: Mapping[str, Any]) -> dict[str, Any]:
    """Return a page's URL for storing, with the secret in the URL encrypted."""

    def seal(text: str) -> str:
        return _SECRET.sub(lambda it: page_secrets.hide_secret(config, it[0]), text)

    query = router.get(RouteVar.QUERY)
    arguments = query.items() if isinstance(query, dict) else ()
    parameters = {
        _short_text(name): page_secrets.hide_secret(config, _short_text(value))
        if name == _SECRET_ARGUMENT
        else _short_text(value)
        for name, value in list(arguments)[:_MOST_ARGUMENTS]
    }
    address = {
        key: seal(_path_of(router[key])) for key in _ADDRESSES if router.get(key)
    }
    return {**address, RouteVar.QUERY: parameters}


def _path_of(value: object) -> str:
    """Return a path that no browser can mistake for a URL of another host.

    Reflex appends the path to the origin. If Reflex could not parse the URL, all events
    of the page would fail, even the event that shows the failure.
    """
    return f"/{_short_text(value).lstrip('/')}"


def _short_text(value: object) -> str:
    """Return text that can be sent and stored: shortened, without lone surrogates."""
    return str(value)[:LONGEST_ADDRESS].encode("utf-8", "replace").decode()


_ADDRESSES = (str(RouteVar.PATH), str(RouteVar.ORIGIN))


def read_socket_event(
    data: object,
) -> tuple[str | None, dict[str, Any], Mapping[str, Any]]:
    """Return an event's name, payload and URL data; no name if it is malformed.

    Browsers leave out the payload of a handler without arguments, and the URL data if
    unchanged since the previous event.
    """
    sent = cast("dict[str, Any]", data) if isinstance(data, dict) else {}
    name = sent.get("name")
    payload, router = sent.get("payload", {}), sent.get("router_data", {})
    is_well_formed = (
        isinstance(name, str) and isinstance(payload, dict) and isinstance(router, dict)
    )
    return (name, payload, router) if is_well_formed else (None, {}, {})


def is_sent_by_pages(handler: Handler, payload: Mapping[str, Any]) -> bool:
    """Whether an event for Reflex's own handlers has only arguments that pages send.

    Reflex's own handlers have no guard, and each unexpected argument would cause an
    error in the log. Pages store nothing in the browser, so they send no stored values.
    """
    try:
        inspect.signature(handler).bind(None, **payload)
    except TypeError:
        return False
    return all(name in _OWN and _OWN[name](value) for name, value in payload.items())


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _are_texts(value: object) -> bool:
    return value is None or (isinstance(value, list) and all(map(_is_text, value)))


_OWN: dict[str, Callable[[object], bool]] = {
    "vars": lambda value: value in (None, {}),
    "hashes": _are_texts,
    "value": lambda value: isinstance(value, bool),
    "info": _is_text,
    "component_stack": _is_text,
}
"""Checks of the arguments that pages send to Reflex's own handlers, by name."""


def is_setter_event(name: str) -> bool:
    """Whether an event is Reflex's own ``setvar``, which every state has.

    None of our states accepts ``setvar``; each call would log an error with its stack.
    """
    return name.rpartition(".")[2] == _SETTER


def loggable_event_name(name: str) -> str:
    """Return an unknown event's name for the log: shortened, only plain characters."""
    return _PLAIN.sub("?", name[:LONGEST_LOGGED_NAME])


def _log_drop(why: str, name: str) -> None:
    """Log that an event was dropped, with its name only."""
    _log_sparingly("%s: %s", why, loggable_event_name(name))


def _log_sparingly(sentence: str, *values: str) -> None:
    if _budget.is_left():
        _log.warning(sentence, *values)
