"""The web process with a fault point: it dies once, at the worst possible moment."""

import os
import signal
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from sqlalchemy import text
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from invo_booking import bootstrap
from invo_booking.domain.access.caller import Caller
from invo_booking.persistence.unit_of_work import UnitOfWork
from tests.support import api_alone

_HAS_PROMISED = text(
    "SELECT EXISTS (SELECT FROM outbox WHERE xmin = pg_current_xact_id()::xid)"
)
"""Whether this transaction has written to the outbox, as the end of a booking does."""


def fault(data_dir: Path) -> Path:
    """Return the file whose existence arms the fault point."""
    return data_dir / "die"


def dying_before_the_reply() -> ASGIApp:
    """Return the API that dies after the commit, when it is about to say 201."""
    api = api_alone.create()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        async def reply(message: Message) -> None:
            if message.get("status") == 201:
                _die_if_armed()
            await send(message)

        await api(scope, receive, reply)

    return app


def dying_before_the_commit() -> ASGIApp:
    """Return the API that dies when all of a booking is written but not committed."""
    parts = bootstrap.deps()

    @contextmanager
    def begin(caller: Caller) -> Generator[UnitOfWork]:
        with parts.begin(caller) as work:
            yield work
            work.session.flush()
            if work.session.connection().execute(_HAS_PROMISED).scalar_one():
                _die_if_armed()

    bootstrap.use_deps(replace(parts, begin=begin))
    return api_alone.create()


def _die_if_armed() -> None:
    armed = fault(bootstrap.deps().config.data_dir)
    if armed.exists():
        armed.unlink()
        os.kill(os.getpid(), signal.SIGKILL)
