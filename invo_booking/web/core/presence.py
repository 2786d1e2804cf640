# ruff: noqa: SLF001 - what a state keeps for the server is private so that no event sets it
"""Clear the open pages of ended or changed sessions.

Each process knows the sessions behind the sockets that it holds. When a session ends,
or when the rights of its person change, the person's open pages are cleared and
redirected at once. PostgreSQL notifies all processes of such a change; each process
itself checks for sessions that expire. The socket of an ended session is closed.
"""

import asyncio
import contextlib
import hashlib
import logging
from dataclasses import dataclass
from datetime import datetime

import reflex as rx
from reflex.event import EventSpec
from reflex.istate.manager.token import BaseStateToken
from reflex.state import BaseState, StateUpdate
from reflex_base.event import Event
from sqlalchemy.exc import SQLAlchemyError

from invo_booking import bootstrap
from invo_booking.usecases.accounts.session_status import (
    SessionStatus,
    session_statuses,
)
from invo_booking.web.core import guard, routes
from invo_booking.web.core.ask import ask
from invo_booking.web.core.session import SessionState

LOOK_SECONDS = 0.5
"""Seconds between two checks for expired sessions; a check reads only memory."""

STAYS_OPEN = frozenset({routes.DASHBOARD, routes.BOOKINGS, routes.PROFILE})
"""Pages that all signed-in people may open."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """An open page of a signed-in person.

    Attributes:
        key: Hash that identifies the session in the database.
        bond: Digest of the session and its rights when the page was loaded.
        over_at: Instant at which the session expires, as far as this process knows.
    """

    key: str
    bond: str
    over_at: datetime


_seats: dict[str, Seat] = {}


def page_session_bond(key: str, standing: SessionStatus | None) -> str:
    """Return a digest of a session and its rights; empty without a session.

    The digest changes with the session, and with the person's roles, queues, languages
    and branches. So a person who has lost rights no longer sees data that was read with
    the former rights.
    """
    if standing is None:
        return ""
    who = standing.actor
    rights = (who.roles, who.queues, who.languages, who.branches)
    rights = tuple(sorted(map(str, it)) for it in rights)
    return hashlib.sha256(repr((key, str(who.id), rights)).encode()).hexdigest()


def bind_page_client(
    client: str, key: str, standing: SessionStatus, *, is_page_load: bool
) -> None:
    """Store the session of a client's page.

    Args:
        client: Reflex's token of the page.
        key: Hash of the token in the session cookie.
        standing: State of the session.
        is_page_load: Whether the page is being loaded. If not, the stored bond of the
            session is kept, so that a change of rights is noticed.
    """
    seat = _seats.get(client)
    if is_page_load or seat is None or seat.key != key:
        now_bound = page_session_bond(key, standing)
        _seats[client] = Seat(key=key, bond=now_bound, over_at=standing.over_at)


async def clear_page(session: SessionState) -> None:
    """Clear the states of all staff pages."""
    for kind in _substates_of(SessionState):
        await session.get_state(kind)  # load the state, so that it is cleared too
    session.reset()


async def watch_page_sessions(app: rx.App) -> None:
    """Clear the open pages of expired sessions, until cancelled."""
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        now = bootstrap.deps().now()
        if due := [one for one, seat in _seats.items() if seat.over_at < now]:
            with contextlib.suppress(SQLAlchemyError):  # the next check tries again
                await check_page_clients(app, due)


async def check_page_clients(app: rx.App, clients: list[str] | None = None) -> None:
    """Clear the open pages of this process whose session or rights have changed.

    Args:
        app: The application.
        clients: Client tokens of the pages to check; all pages by default.
    """
    _forget_closed(app)
    seats = {one: _seats[one] for one in clients or list(_seats) if one in _seats}
    statuses = await ask(session_statuses, {seat.key for seat in seats.values()})
    changes = [
        _update_client(app, client, seat, statuses.get(seat.key))
        for client, seat in seats.items()
    ]
    for problem in await asyncio.gather(*changes, return_exceptions=True):
        if isinstance(problem, Exception):
            log.error("an ended page could not be emptied", exc_info=problem)


async def _update_client(
    app: rx.App, client: str, seat: Seat, standing: SessionStatus | None
) -> None:
    now_bound = page_session_bond(seat.key, standing)
    try:
        if now_bound != seat.bond:
            await _redirect_client(app, client, now_bound)
    finally:
        if standing is None:
            _seats.pop(client, None)
            await _close_socket(app, client)
    if standing is not None:
        seat = Seat(key=seat.key, bond=now_bound, over_at=standing.over_at)
        _seats[client] = seat


async def _redirect_client(app: rx.App, client: str, holder: str) -> None:
    """Clear a page, and redirect it to a page that the person may see."""
    token = BaseStateToken(ident=client, cls=SessionState)
    async with app.modify_state(token) as root:
        session = await root.get_state(SessionState)
        await clear_page(session)
        session._holder = holder
        way = _reload_or_leave(session) if holder else guard.sign_in_redirect(session)
    if app.event_namespace is not None:
        update = StateUpdate(events=Event.from_event_type(way))
        await app.event_namespace.emit_update(update, token=client)


def _reload_or_leave(state: rx.State) -> EventSpec:
    """Reload the page if all staff may see it; otherwise go to the dashboard."""
    here = state.router.url
    if here.path.rstrip("/") not in STAYS_OPEN:
        return rx.redirect(routes.DASHBOARD)
    return rx.redirect(f"{here.path}?{here.query}" if here.query else here.path)


async def _close_socket(app: rx.App, client: str) -> None:
    namespace = app.event_namespace
    if namespace is not None and (sid := namespace.token_to_sid.get(client)):
        await namespace.disconnect(sid)


def _forget_closed(app: rx.App) -> None:
    here = app.event_namespace.token_to_sid if app.event_namespace else {}
    for closed_client in [client for client in _seats if client not in here]:
        del _seats[closed_client]


def _substates_of(kind: type[BaseState]) -> list[type[BaseState]]:
    return [
        each
        for child in kind.get_substates()
        for each in (child, *_substates_of(child))
    ]
