"""Keep the lease of the run that reads a connection's calendars.

Only one run at a time holds and renews the lease. A run that lost its lease, for
example because its process was suspended, writes nothing more.
"""

import logging
import threading
from collections.abc import Generator
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID

from sqlalchemy.exc import SQLAlchemyError

from invo_booking.usecases.shared.deps import Deps

LEASE = timedelta(seconds=60)
"""Duration of the lease, and so the longest time for which a killed run blocks other
runs."""

RENEWED_EVERY = 15.0
"""Seconds between renewals of the lease."""

_log = logging.getLogger(__name__)


class LeaseLostError(Exception):
    """Another run has started, or the connection has ended; nothing may be written."""


@contextmanager
def renewed_lease(deps: Deps, connection_id: UUID, fence: int) -> Generator[None]:
    """Renew a run's lease in a second thread while the ``with`` block runs.

    Args:
        connection_id: The connection whose calendars the run reads.
        fence: Number of the lease.
    """
    done = threading.Event()
    lease = deps, connection_id, fence, done
    thread = threading.Thread(target=_renew, args=lease, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _renew(deps: Deps, connection_id: UUID, fence: int, done: threading.Event) -> None:
    while not done.wait(RENEWED_EVERY):
        try:
            if not _renew_once(deps, connection_id, fence):
                return
        except SQLAlchemyError as error:  # the lease outlasts a few failed renewals
            _log.warning("a lease was not renewed: %s", type(error).__name__)


def _renew_once(deps: Deps, connection_id: UUID, fence: int) -> bool:
    with deps.unit_of_work() as work:
        until = deps.now() + LEASE
        return work.connections.renew(connection_id, fence, until)
