"""Check the database before the first transaction instead of at the start."""

import logging
import os
import signal
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager

from invo_booking.config import ConfigError
from invo_booking.domain.access.caller import BACKGROUND, Caller
from invo_booking.persistence.unit_of_work import UnitOfWork

Begin = Callable[..., AbstractContextManager[UnitOfWork]]

_log = logging.getLogger(__name__)


def check_first(
    begin: Begin, check: Callable[[], None], stop: Callable[[], None] | None = None
) -> Begin:
    """Return ``begin`` with a check that must pass before the first transaction.

    Args:
        begin: Starts a transaction for a caller.
        check: Raises ``ConfigError`` if this installation must not use the database.
            While the database cannot be reached, ``check`` raises the error that a
            transaction would raise, and is called again before the next transaction.
        stop: Called after a ``ConfigError``; by default, it sends SIGTERM to the
            process that called ``check_first``.
    """
    stop = stop or _stopper(os.getpid())
    passed = False

    def require() -> None:
        nonlocal passed
        try:
            check()
        except ConfigError as error:
            _log.critical(str(error))
            stop()
            raise
        passed = True

    @contextmanager
    def begin_checked(caller: Caller = BACKGROUND) -> Generator[UnitOfWork]:
        if not passed:
            require()
        with begin(caller) as work:
            yield work

    return begin_checked


def _stopper(process: int) -> Callable[[], None]:
    return lambda: os.kill(process, signal.SIGTERM)
