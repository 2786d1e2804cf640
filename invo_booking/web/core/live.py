"""Other people's changes, seen without reloading.

Every commit that changes an appointment notifies the channel ``invo_changes`` of
PostgreSQL. Each web process listens on one connection of its own and refreshes the
states of those clients whose websocket it holds.
"""

import asyncio
import contextlib
import json
import logging
from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import psycopg
import reflex as rx
from reflex.istate.manager.token import BaseStateToken
from sqlalchemy.exc import SQLAlchemyError

from invo_booking import bootstrap
from invo_booking.domain.errors import InvoError
from invo_booking.persistence.news import CHANNEL, SESSIONS, SETTINGS
from invo_booking.web.core import presence

SETTLE_SECONDS = 0.05
"""How long more news is waited for, so that a burst refreshes each client once."""

ANYTHING = "anything"
"""Stands for news that may have passed unheard, or cannot be read."""

RETRY_SECONDS = 1.0
AT_ONCE = 8
"""How many clients are refreshed at a time."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class News:
    """What a burst of changes is about.

    Attributes:
        subjects: Such as ``SESSIONS``.
        appointments: Ids of those that changed; ``None`` if nobody knows.
    """

    subjects: frozenset[str]
    appointments: frozenset[str] | None


UNHEARD = News(frozenset({ANYTHING}), None)


@runtime_checkable
class Refreshable(Protocol):
    """A state that can read what it shows again."""

    async def _refresh(self) -> None: ...


_watching: dict[str, tuple[str, set[type[rx.State]]]] = {}
_only_about: dict[str, str] = {}
"""For clients that watch one appointment: its id."""


def watch(state: rx.State, page: str) -> None:
    """Refresh a state of this client on every change, as long as it is on ``page``.

    Several states of one page may watch; the first of another page ends them.
    """
    client = state.router.session.client_token
    known, states = _watching.get(client, (page, set[type[rx.State]]()))
    if known != page:
        states = set[type[rx.State]]()
    _watching[client] = (page, states | {type(state)})
    _only_about.pop(client, None)


def watch_appointment(state: rx.State, page: str, appointment_id: str) -> None:
    """Refresh a state of this client when one appointment changes, and only then."""
    watch(state, page)
    _only_about[state.router.session.client_token] = appointment_id


async def follow(app: rx.App) -> None:
    """Listen for changes and refresh those who watch, until cancelled.

    A lost connection is opened again; everybody is refreshed then, for news may
    have passed unheard. Pages of sessions that are not what they were are emptied
    first, so that nothing new is shown on them.
    """
    while True:
        try:
            async for news in _news():
                if news.subjects & {SESSIONS, SETTINGS, ANYTHING}:
                    await presence.look(app)
                if news.subjects != {SESSIONS}:
                    await refresh(app, news.appointments)
        except (psycopg.Error, SQLAlchemyError) as error:
            log.warning("live updates interrupted: %s", type(error).__name__)
        await asyncio.sleep(RETRY_SECONDS)


async def refresh(app: rx.App, changed: Collection[str] | None = None) -> None:
    """Refresh everybody connected to this process who watches what has changed.

    Args:
        app: The application with its connections.
        changed: Ids of appointments; ``None`` if nobody knows what has changed.
    """
    namespace = app.event_namespace
    if namespace is None:
        return
    here = namespace.token_to_sid
    for gone in [client for client in _watching if client not in here]:
        del _watching[gone]
        _only_about.pop(gone, None)
    gate = asyncio.Semaphore(AT_ONCE)
    answers = await asyncio.gather(
        *(
            _refresh_client(app, gate, client)
            for client in list(_watching)
            if _is_concerned(client, changed)
        ),
        return_exceptions=True,  # what fails for one must not end it for the others
    )
    for problem in answers:
        if isinstance(problem, Exception):
            log.error("live update failed", exc_info=problem)


def _is_concerned(client: str, changed: Collection[str] | None) -> bool:
    about = _only_about.get(client)
    return changed is None or about is None or about in changed


async def _refresh_client(app: rx.App, gate: asyncio.Semaphore, client: str) -> None:
    _, states = _watching[client]
    async with gate:
        for state_class in states:
            with contextlib.suppress(InvoError):  # no longer signed in, or gone
                await _refresh_state(app, client, state_class)


async def _refresh_state(app: rx.App, client: str, state_class: type[rx.State]) -> None:
    token = BaseStateToken(ident=client, cls=state_class)
    async with app.modify_state(token) as root:
        state = await root.get_state(state_class)
        if isinstance(state, Refreshable):
            await state._refresh()  # noqa: SLF001 - public, it would be an endpoint


async def _news() -> AsyncIterator[News]:
    """Yield once after connecting, and then what each burst of changes is about."""
    address = bootstrap.deps().config.database_url
    connection = await psycopg.AsyncConnection.connect(_plain(address), autocommit=True)
    async with connection:
        await connection.execute(f"LISTEN {CHANNEL}")
        yield UNHEARD
        while True:
            told: list[News] = []
            async for heard in connection.notifies(stop_after=1):
                told.append(_read(heard.payload))
                await asyncio.sleep(SETTLE_SECONDS)
            told.extend(
                [_read(it.payload) async for it in connection.notifies(timeout=0)]
            )
            yield _together(told)


def _read(payload: str) -> News:
    """Return what a notice is about: the keys of its payload, and which appointment."""
    try:
        found = json.loads(payload)
    except ValueError:
        return UNHEARD
    if not isinstance(found, dict):
        return UNHEARD
    return News(frozenset(found), frozenset({str(found.get("id", ""))}))


def _together(told: Sequence[News]) -> News:
    if any(news.appointments is None for news in told):
        return UNHEARD
    return News(
        frozenset[str]().union(*(news.subjects for news in told)),
        frozenset[str]().union(*(news.appointments or () for news in told)),
    )


def _plain(address: str) -> str:
    """Return a database address without SQLAlchemy's name of the driver."""
    return address.replace("postgresql+psycopg://", "postgresql://", 1)
