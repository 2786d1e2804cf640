"""Show other people's changes without reloading.

Every commit that changes an appointment notifies the channel ``invo_changes`` of
PostgreSQL. Each web process listens on a connection of its own and refreshes the states
of the clients whose websockets the process holds.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Collection
from typing import Protocol, runtime_checkable

import psycopg
import reflex as rx
from reflex.istate.manager.token import BaseStateToken
from sqlalchemy.exc import SQLAlchemyError

from invo_booking import bootstrap
from invo_booking.domain.errors import InvoError
from invo_booking.domain.notifications import (
    ANYTHING,
    SESSIONS,
    SETTINGS,
    Notification,
)
from invo_booking.usecases.shared.deps import Deps
from invo_booking.usecases.slots.preparation import Preparation, begin_preparation
from invo_booking.web.core import guard, presence
from invo_booking.web.core.ask import ask

RETRY_SECONDS = 1.0
PREPARE_LATER_SECONDS = 3600.0
PART_SECONDS = 0.02
"""Pause between two parts of a preparation, so that requests do not wait for it."""
AT_ONCE = 8
"""Number of clients refreshed at the same time."""

log = logging.getLogger(__name__)


@runtime_checkable
class Refreshable(Protocol):
    """A state that can reload its contents."""

    async def _refresh(self) -> None: ...


_watching: dict[str, tuple[str, set[type[rx.State]]]] = {}
_only_about: dict[str, str] = {}
"""By client token, the id of the only appointment that a client watches.

The id is empty for clients that watch no appointment. Clients that watch everything
have no entry.
"""


def watch_pages(state: rx.State, page: str) -> None:
    """Refresh a state of a client on every change while the client is on ``page``.

    Several states of one page may watch. When a state of another page begins to watch,
    the states of the previous page stop watching.
    """
    client = state.router.session.client_token
    known, states = _watching.get(client, (page, set[type[rx.State]]()))
    if known != page:
        states = set[type[rx.State]]()
    _watching[client] = (page, states | {type(state)})
    _only_about.pop(client, None)


def watch_appointment(state: rx.State, page: str, appointment_id: str) -> None:
    """Refresh a state of this client only when this appointment changes."""
    watch_pages(state, page)
    _only_about[state.router.session.client_token] = appointment_id


def watch_settings(state: rx.State, page: str) -> None:
    """Refresh a state of this client on all changes but those of appointments."""
    watch_appointment(state, page, "")


class ListPreparation:
    """Prepares this process for its lists of slots, so that no request has to do it.

    The process is prepared when it starts, after changes of people or settings, and at
    midnight.

    Args:
        begin: The use case.
        settle_seconds: Pause after a change, so that several changes in a row cause
            only one preparation.
    """

    def __init__(
        self,
        begin: Callable[[Deps], Preparation | None] = begin_preparation,
        settle_seconds: float = 1.0,
    ) -> None:
        self._begin = begin
        self._settle_seconds = settle_seconds
        self._is_due = asyncio.Event()

    def follow(self, change: Notification) -> None:
        """Prepare again soon if people or settings may have changed."""
        if change.subjects & {SETTINGS, ANYTHING}:
            self._is_due.set()

    async def run(self) -> None:
        """Prepare this process whenever it is due, until cancelled."""
        while True:
            pause = await self._prepare()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._is_due.wait(), pause)
                await asyncio.sleep(self._settle_seconds)
            self._is_due.clear()

    async def _prepare(self) -> float:
        """Prepare this process; return after how many seconds to do so again."""
        try:
            preparation = await ask(self._begin)
        except (InvoError, SQLAlchemyError) as error:
            log.warning("lists of slots are not prepared: %s", type(error).__name__)
            preparation = None
        if preparation is None:
            return PREPARE_LATER_SECONDS
        is_left = True
        while is_left:
            await asyncio.sleep(PART_SECONDS)
            is_left = await asyncio.to_thread(preparation.compute_part)
        return preparation.until_midnight.total_seconds()


async def follow_changes(app: rx.App, lists: ListPreparation) -> None:
    """Listen for changes and refresh watching clients, until cancelled.

    After a lost connection is reopened, all clients are refreshed, because
    notifications may have been missed. Before a refresh, pages whose session has
    changed are cleared, so that these pages show no new data.
    """
    while True:
        try:
            async for change in bootstrap.listen_to_notifications():
                lists.follow(change)
                if change.subjects & {SESSIONS, SETTINGS, ANYTHING}:
                    await presence.check_page_clients(app)
                if change.subjects != {SESSIONS}:
                    await refresh_clients(app, change.appointments)
        except (psycopg.Error, SQLAlchemyError) as error:
            log.warning("live updates interrupted: %s", type(error).__name__)
        await asyncio.sleep(RETRY_SECONDS)


async def refresh_clients(app: rx.App, changed: Collection[str] | None = None) -> None:
    """Refresh the clients of this process that watch what has changed.

    Args:
        app: The application with its connections.
        changed: Ids of changed appointments; ``None`` if unknown, which refreshes
            all clients.
    """
    namespace = app.event_namespace
    if namespace is None:
        return
    here = namespace.token_to_sid
    for closed_client in [client for client in _watching if client not in here]:
        del _watching[closed_client]
        _only_about.pop(closed_client, None)
    gate = asyncio.Semaphore(AT_ONCE)
    answers = await asyncio.gather(
        *(
            _refresh_client(app, gate, client)
            for client in list(_watching)
            if _is_concerned(client, changed)
        ),
        return_exceptions=True,  # the failure of one client must not end the others
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
            with contextlib.suppress(InvoError):  # signed out, or deleted
                await _refresh_state(app, client, state_class)


async def _refresh_state(app: rx.App, client: str, state_class: type[rx.State]) -> None:
    token = BaseStateToken(ident=client, cls=state_class)
    async with app.modify_state(token) as root:
        state = await root.get_state(state_class)
        if isinstance(state, Refreshable):
            guard.speak_language_of_page(state)
            await state._refresh()  # noqa: SLF001 - public, it would be an endpoint
