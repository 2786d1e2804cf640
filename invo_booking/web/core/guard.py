"""Check who may send which event.

Every public method of a Reflex state can be called by anyone who opens a websocket.
Therefore each event handler declares a policy::

    @rx.event
    @allow(EventPolicy.STAFF)
    async def show(self, day: str) -> None: ...

The sender is identified by the session cookie in the headers of the websocket's
handshake. The server takes the headers from the connection, never from the event.
``web.core.socket`` keeps a hash of the cookie's token. The guard looks up this hash in
the database on every event, so that events of an ended session are refused at once.
"""

import inspect
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextvars import ContextVar
from enum import StrEnum
from functools import wraps
from typing import Any, TypeVar, cast
from urllib.parse import urlencode

import reflex as rx
from reflex.event import EventSpec
from reflex.state import BaseState

from invo_booking import bootstrap
from invo_booking.domain.access.caller import Caller, Interface
from invo_booking.domain.access.roles import Actor
from invo_booking.domain.errors import NotSignedInError
from invo_booking.run import logs
from invo_booking.texts import speak, split_language
from invo_booking.usecases.accounts import sessions
from invo_booking.usecases.shared import page_secrets, refusals
from invo_booking.web.core import routes
from invo_booking.web.core.ask import ask, current_caller
from invo_booking.web.core.payload import accepts_event_payload, log_unfit_payload
from invo_booking.web.menu import staff_pages

POLICY = "__policy__"
"""Attribute of a handler that holds the policy of its event."""

REQUEST = "__request__"
"""Attribute of an error: id of the failed request, for the log."""

ACTIVITY = "__activity__"
"""Attribute of a handler: whether its event counts as activity of the person."""

_LINKS = routes.STATUS.removesuffix("[token]")

Handler = Callable[..., Any]
Declared = TypeVar("Declared", bound=Handler)

_actor: ContextVar[Actor | None] = ContextVar("actor", default=None)


class EventPolicy(StrEnum):
    """Who may send an event."""

    PUBLIC = "public"
    STAFF = "staff"
    ADMIN = "admin"


def allow(
    policy: EventPolicy, *, is_activity: bool = True
) -> Callable[[Declared], Declared]:
    """Declare who may send an event, and refuse all others.

    A refused event changes nothing and does not reveal what it would have done. A
    sender without a session is redirected to the sign-in page. A sender who is signed
    in but not an administrator is redirected to the dashboard, and the audit log
    records the sender and the event. Put this decorator directly under ``@rx.event``.

    Args:
        policy: Who may send the event.
        is_activity: Whether the event is an action of a person and so prolongs the
            idle time of their session. False for events that a page sends by
            itself: on loading, on reconnecting, or when a timer fires.

    Raises:
        TypeError: If a handler is not ``async``; the lookup needs ``await``.
    """

    def declare(handler: Declared) -> Declared:
        guarded = _guard(handler, policy, is_activity=is_activity)
        setattr(guarded, POLICY, policy)
        setattr(guarded, ACTIVITY, is_activity)
        return cast("Declared", guarded)

    return declare


def has_policy(handler: Handler) -> bool:
    """Whether a handler has a policy; all of ours have, but none of Reflex's own."""
    return hasattr(handler, POLICY)


async def actor_of_page(state: rx.State) -> Actor:
    """Return the sender of the current event.

    Raises:
        NotSignedInError: If there is no valid session.
    """
    person = _actor.get() or await visitor_of(state)
    if person is None:
        raise NotSignedInError
    return person


def replace_actor_of_page(actor: Actor) -> None:
    """Use ``actor``, who has just given the password, as sender for this event."""
    _actor.set(actor)


async def visitor_of(state: rx.State) -> Actor | None:
    """Return the person signed in on the state's connection, or ``None``.

    Does not count as activity and does not extend the session.
    """
    return await _signed_in_actor(state, acts=False)


def caller_of_page(state: rx.State) -> Caller:
    """Return the caller of the current event."""
    return Caller(
        interface=Interface.PAGE,
        address=state.router.session.client_ip,
        request_id=secrets.token_hex(8),
    )


def speak_language_of_page(state: rx.State) -> None:
    """Set the language for this event to the language in the page's URL."""
    language, _ = split_language(state.router.url.path)
    speak(language)


def session_key_of_page(state: rx.State | BaseState) -> str:
    """Return the hash of the session on the state's connection; empty if signed out."""
    return state.router.headers.cookie


def link_secret_of_page(state: rx.State) -> str:
    """Return the secret in the URL of a page behind a customer's link."""
    _, page = split_language(state.router.url.path)
    path = page.rstrip("/").removesuffix("/limit")
    if not path.startswith(_LINKS):
        return ""
    return page_secrets.show_secret(bootstrap.deps().config, path.removeprefix(_LINKS))


async def _signed_in_actor(state: rx.State, *, acts: bool) -> Actor | None:
    key = session_key_of_page(state)
    return await ask(sessions.actor_of_session_key, key, touch=acts) if key else None


def _guard(handler: Handler, policy: EventPolicy, *, is_activity: bool) -> Handler:
    if inspect.isasyncgenfunction(handler):
        return _guard_stream(handler, policy, is_activity=is_activity)
    if not inspect.iscoroutinefunction(handler):
        raise TypeError(f"{handler.__qualname__} must be async to be guarded")
    return _guard_call(handler, policy, is_activity=is_activity)


def _guard_call(
    handler: Callable[..., Awaitable[Any]], policy: EventPolicy, *, is_activity: bool
) -> Handler:
    name, signature = handler.__qualname__, inspect.signature(handler)

    @wraps(handler)
    async def run(self: rx.State, *args: object, **kwargs: object) -> Any:
        if refusal := await _refusal(self, policy, name, acts=is_activity):
            return refusal
        if not accepts_event_payload(signature, (self, *args), kwargs):
            log_unfit_payload(name)
            return None
        try:
            return await handler(self, *args, **kwargs)
        except Exception as error:
            error.__dict__.setdefault(REQUEST, current_caller.get().request_id)
            raise
        finally:
            _actor.set(None)

    return run


def _guard_stream(
    handler: Callable[..., AsyncIterator[Any]],
    policy: EventPolicy,
    *,
    is_activity: bool,
) -> Handler:
    name, signature = handler.__qualname__, inspect.signature(handler)

    @wraps(handler)
    async def run(
        self: rx.State, *args: object, **kwargs: object
    ) -> AsyncIterator[Any]:
        if refusal := await _refusal(self, policy, name, acts=is_activity):
            yield refusal
            return
        if not accepts_event_payload(signature, (self, *args), kwargs):
            log_unfit_payload(name)
            return
        try:
            async for step in handler(self, *args, **kwargs):
                yield step
        except Exception as error:
            error.__dict__.setdefault(REQUEST, current_caller.get().request_id)
            raise
        finally:
            _actor.set(None)

    return run


async def _refusal(
    state: rx.State, policy: EventPolicy, event: str, *, acts: bool
) -> EventSpec | None:
    """Set the sender for the duration of the event, or return a redirect."""
    caller = caller_of_page(state)
    speak_language_of_page(state)
    current_caller.set(caller)
    logs.request_id.set(caller.request_id)
    if policy is EventPolicy.PUBLIC:
        return None
    person = await _signed_in_actor(state, acts=acts)
    if person is None:
        return sign_in_redirect(state)
    if policy is EventPolicy.ADMIN and not person.administers:
        await ask(refusals.record_refusal, person, event)
        return rx.redirect(f"{routes.DASHBOARD}?{routes.REFUSED}=1")
    _actor.set(person)
    return None


def sign_in_redirect(state: rx.State) -> EventSpec:
    """Redirect to the sign-in page, which leads back to the current page afterwards."""
    here = state.router.url
    query = {"error": "ended"} if session_key_of_page(state) else {}
    if here.path.rstrip("/") in staff_pages():
        query["next"] = f"{here.path}?{here.query}" if here.query else here.path
    return rx.redirect(
        f"{routes.SIGN_IN}?{urlencode(query)}" if query else routes.SIGN_IN
    )
