"""Other people's changes, seen without reloading.

Every commit that changes an appointment notifies the channel ``invo_changes`` of
PostgreSQL. Each web process listens on one connection of its own and refreshes the
states of those clients whose websocket it holds.
"""

import asyncio
import contextlib
import json
import logging
from collections.abc import AsyncIterator
from typing import Protocol, runtime_checkable

import psycopg
import reflex as rx
from reflex.istate.manager.token import BaseStateToken
from sqlalchemy.exc import SQLAlchemyError

from invo_booking import bootstrap
from invo_booking.domain.errors import InvoError
from invo_booking.persistence.news import CHANNEL, SESSIONS, SETTINGS
from invo_booking.web import presence

SETTLE_SECONDS = 0.05
"""How long more news is waited for, so that a burst refreshes each client once."""

ANYTHING = "anything"
"""Stands for news that may have passed unheard, or cannot be read."""

RETRY_SECONDS = 1.0
AT_ONCE = 8
"""How many clients are refreshed at a time."""

log = logging.getLogger(__name__)


@runtime_checkable
class Refreshable(Protocol):
    """A state that can read what it shows again."""

    async def _refresh(self) -> None: ...


_watching: dict[str, tuple[str, set[type[rx.State]]]] = {}


def watch(state: rx.State, page: str) -> None:
    """Refresh a state of this client on every change, as long as it is on ``page``.

    Several states of one page may watch; the first of another page ends them.
    """
    client = state.router.session.client_token
    known, states = _watching.get(client, (page, set[type[rx.State]]()))
    if known != page:
        states = set[type[rx.State]]()
    _watching[client] = (page, states | {type(state)})


async def follow(app: rx.App) -> None:
    """Listen for changes and refresh those who watch, until cancelled.

    A lost connection is opened again; everybody is refreshed then, for news may
    have passed unheard. Pages of sessions that are not what they were are emptied
    first, so that nothing new is shown on them.
    """
    while True:
        try:
            async for told in _news():
                if told & {SESSIONS, SETTINGS, ANYTHING}:
                    await presence.look(app)
                if told != {SESSIONS}:
                    await refresh(app)
        except (psycopg.Error, SQLAlchemyError) as error:
            log.warning("live updates interrupted: %s", type(error).__name__)
        await asyncio.sleep(RETRY_SECONDS)


async def refresh(app: rx.App) -> None:
    """Refresh everybody connected to this process who watches."""
    namespace = app.event_namespace
    if namespace is None:
        return
    here = namespace.token_to_sid
    for gone in [client for client in _watching if client not in here]:
        del _watching[gone]
    gate = asyncio.Semaphore(AT_ONCE)
    answers = await asyncio.gather(
        *(_refresh_client(app, gate, client) for client in list(_watching)),
        return_exceptions=True,  # what fails for one must not end it for the others
    )
    for problem in answers:
        if isinstance(problem, Exception):
            log.error("live update failed", exc_info=problem)


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


async def _news() -> AsyncIterator[set[str]]:
    """Yield once after connecting, and then what each burst of changes is about."""
    address = bootstrap.deps().config.database_url
    connection = await psycopg.AsyncConnection.connect(_plain(address), autocommit=True)
    async with connection:
        await connection.execute(f"LISTEN {CHANNEL}")
        yield {ANYTHING}
        while True:
            told = set[str]()
            async for news in connection.notifies(stop_after=1):
                told |= _subjects(news.payload)
                await asyncio.sleep(SETTLE_SECONDS)
            async for news in connection.notifies(timeout=0):
                told |= _subjects(news.payload)
            yield told


def _subjects(payload: str) -> set[str]:
    """Return what a piece of news is about: the keys of its payload."""
    try:
        found = json.loads(payload)
    except ValueError:
        return {ANYTHING}
    return set(found) if isinstance(found, dict) else {ANYTHING}


def _plain(address: str) -> str:
    """Return a database address without SQLAlchemy's name of the driver."""
    return address.replace("postgresql+psycopg://", "postgresql://", 1)
