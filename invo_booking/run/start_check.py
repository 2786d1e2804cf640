"""Postpone the check of the database to the first transaction."""

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
    """Return a factory of transactions that start only after a check has passed.

    Args:
        begin: Starts a transaction on behalf of a caller.
        check: Raises ``ConfigError`` if this installation must not use the database,
            and the error of a transaction while it is unreachable.
        stop: Called after a refusal; by default it stops the process that called this
            function.
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
