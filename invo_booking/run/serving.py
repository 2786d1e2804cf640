"""Create the application of a web process."""

import logging
from collections.abc import Callable
from typing import Any

from invo_booking.config import load_config
from invo_booking.run import logs
from invo_booking.run.collector import collector_paused

_log = logging.getLogger(__name__)


def create() -> Callable[..., Any]:
    """Return the ASGI application. Granian calls this once in each process.

    Raises:
        SystemExit: If the database has the schema of a different version, or the
            installation is unsafe.
    """
    with collector_paused():
        return _create()


def _create() -> Callable[..., Any]:
    from invo_booking import bootstrap  # noqa: PLC0415 - without the collector

    config = load_config()
    logs.set_up_logs(config.log_level)
    logs.take_over_logs()
    if problem := bootstrap.start_refusal(config):
        _log.critical(problem)
        raise SystemExit(problem)
    from invo_booking import api, app  # noqa: PLC0415 - after logging is set up

    return api.with_gate(app.app(), config)
