"""What a web process runs: the application, its log lines in our own form."""

import logging
from collections.abc import Callable
from typing import Any

from invo_booking import bootstrap
from invo_booking.config import load_config
from invo_booking.run import logs

_log = logging.getLogger(__name__)


def create() -> Callable[..., Any]:
    """Return the application; Granian calls this once in each process.

    Raises:
        SystemExit: If the database is not the one this version was made for, or the
            deployment is not fit for strangers.
    """
    config = load_config()
    logs.set_up_logs(config.log_level)
    logs.take_over_logs()
    if problem := bootstrap.start_refusal(config):
        _log.critical(problem)
        raise SystemExit(problem)
    from invo_booking import api, app  # noqa: PLC0415 - after logging is set up

    return api.with_gate(app.app(), config)
