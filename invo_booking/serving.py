"""What a web process runs: the application, its log lines in our own form."""

from collections.abc import Callable
from typing import Any

from invo_booking import logs
from invo_booking.config import load_config


def create() -> Callable[..., Any]:
    """Return the application; Granian calls this once in each process."""
    logs.set_up(load_config().log_level)
    from invo_booking.app import app  # noqa: PLC0415 - after logging is set up

    return app()
