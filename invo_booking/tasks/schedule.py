"""Schedule the periodic tasks.

It does no harm if two Celery beat processes run at the same time, or if for a while
none runs.
"""

import logging

from celery.signals import beat_init, worker_init, worker_ready, worker_shutdown
from sqlalchemy.exc import SQLAlchemyError

from invo_booking import bootstrap
from invo_booking.broker import DELIVER, SYNC, WRITE_CALENDARS, celery, is_waiting
from invo_booking.config import load_config
from invo_booking.usecases.upkeep import audit_seals

_log = logging.getLogger(__name__)

EVERY_SECONDS: dict[str, float] = {
    DELIVER: 10,
    WRITE_CALENDARS: 10,
    "delivery.find_unwritten": 60,
    SYNC: 20,
    "upkeep.heartbeat": 10,
    "upkeep.expire_unconfirmed": 15,
    "upkeep.remind": 30,
    "upkeep.complete_past": 60,
    "upkeep.tidy": 60,
    "upkeep.tell_audit_head": 3600,
    "upkeep.tidy_connections": 60,
    "upkeep.purge_outdated": 60,
    "upkeep.watch_floods": 60,
    "upkeep.forget_asked": 600,
    "upkeep.back_up": 600,
}

celery.conf.beat_schedule = {
    task: {"task": task, "schedule": seconds} for task, seconds in EVERY_SECONDS.items()
}


@worker_init.connect
def _call_servers_here(**_unused: object) -> None:
    """Make this worker call the providers that only workers call."""
    bootstrap.call_servers_here()


@worker_init.connect
@beat_init.connect
def _refuse_to_start(**_unused: object) -> None:
    """Stop if the schema is not this version's, or the start would be unsafe."""
    if problem := bootstrap.start_refusal(load_config()):
        _log.critical(problem)
        raise SystemExit(problem)


@worker_ready.connect
def _begin_at_once(**_unused: object) -> None:
    """Request a run of all periodic tasks as soon as a worker starts."""
    for task in EVERY_SECONDS:
        if not is_waiting(task):
            celery.send_task(task)


@worker_shutdown.connect
def _log_audit_head(**_unused: object) -> None:
    """Write the head of the audit chain to the log when a worker stops."""
    try:
        audit_seals.log_audit_head(bootstrap.deps())
    except SQLAlchemyError as error:
        _log.warning("audit head not told", extra={"error": type(error).__name__})
