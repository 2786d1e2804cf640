"""Define the other periodic tasks; ``tasks/schedule.py`` says how often each runs.

Each run finds its work by a query. If a run is missed, the next run therefore does the
missed work; a repeated run finds nothing to do.
"""

import logging

from celery.exceptions import SoftTimeLimitExceeded

from invo_booking import bootstrap
from invo_booking.broker import celery
from invo_booking.run.backup import (
    BackupError,
    back_up_if_due,
    backup_deadline,
    newest_backup,
)
from invo_booking.run.postgres_programs import EmbeddedError
from invo_booking.run.schema import SchemaError
from invo_booking.tasks.periodic_task import PeriodicTask
from invo_booking.tasks.ticking import run_at_any_time, run_by_database_clock
from invo_booking.texts import say
from invo_booking.usecases.booking import admission
from invo_booking.usecases.calendars import connection_upkeep
from invo_booking.usecases.shared.deps import Deps
from invo_booking.usecases.upkeep import (
    audit_seals,
    copies,
    floods,
    periodic,
    purge,
    ticks,
)

_log = logging.getLogger(__name__)

WORKER = "worker"
"""Name of the heartbeat that shows that Celery beat, the broker and a worker run."""

BACKUP_SECONDS = 3000
"""Time limit of a backup, in seconds: less than the time after which the broker would
deliver the task again."""


@celery.task(name="upkeep.expire_unconfirmed", base=PeriodicTask)
def expire_unconfirmed_task() -> None:
    """Expire unconfirmed requests. Idempotent."""
    run_by_database_clock(periodic.expire_unconfirmed)


@celery.task(name="upkeep.complete_past", base=PeriodicTask)
def complete_past_task() -> None:
    """Close appointments that are over. Idempotent."""
    run_by_database_clock(periodic.complete_past)


@celery.task(name="upkeep.remind", base=PeriodicTask)
def add_reminders_task() -> None:
    """Add the reminder mails that are due to the outbox. Idempotent."""
    run_by_database_clock(periodic.add_due_reminders)


@celery.task(name="upkeep.tidy", base=PeriodicTask)
def seal_and_forget_task() -> None:
    """Seal the audit log; delete ended sessions. Idempotent."""
    run_by_database_clock(periodic.seal_and_forget)


@celery.task(name="upkeep.tell_audit_head", base=PeriodicTask)
def log_audit_head_task() -> None:
    """Write the head of the audit chain to the log. Idempotent."""
    run_at_any_time(audit_seals.log_audit_head)


@celery.task(name="upkeep.tidy_connections", base=PeriodicTask)
def tidy_connections_task() -> None:
    """Warn of expiring secrets; delete unneeded grants. Idempotent."""
    run_by_database_clock(connection_upkeep.tidy_connections)


@celery.task(name="upkeep.forget_asked", base=PeriodicTask)
def forget_admissions_task() -> None:
    """Delete those counts of requests that are older than a day. Idempotent."""
    run_by_database_clock(admission.forget_admissions)


@celery.task(name="upkeep.watch_floods", base=PeriodicTask)
def watch_floods_task() -> None:
    """Find queues that are being filled up with unconfirmed requests. Idempotent."""
    run_by_database_clock(floods.watch_queues)


@celery.task(name="upkeep.purge_outdated", base=PeriodicTask)
def purge_outdated_task() -> None:
    """Delete appointments that ended before today, if purging is on. Idempotent."""
    run_by_database_clock(purge.purge_outdated)


@celery.task(name="upkeep.heartbeat", base=PeriodicTask)
def record_heartbeat_task() -> None:
    """Record that a worker is running. Idempotent."""
    run_at_any_time(lambda deps: periodic.record_heartbeat(deps, WORKER))


@celery.task(
    name="upkeep.back_up",
    base=PeriodicTask,
    time_limit=BACKUP_SECONDS,
    soft_time_limit=BACKUP_SECONDS - 30,
)
def back_up_task() -> None:
    """Back up the database if a backup is due, but never a copy. Idempotent."""
    tick = ticks.begin_tick(bootstrap.deps())
    folder = tick.deps.config.backup_dir
    if folder is None or not tick.may_work:
        return
    if problem := _back_up(tick.deps):
        copies.report_failed_backup(tick.deps, problem)
        return
    with tick.deps.unit_of_work() as work:
        mark = work.identity.backup_mark()
    if newest := newest_backup(folder, tick.deps.now(), mark):
        deadline = backup_deadline(tick.deps.config, newest)
        copies.record_backup_deadline(tick.deps, deadline)


def _back_up(deps: Deps) -> str:
    """Back up the database if a backup is due; if this fails, return the reason."""
    try:
        back_up_if_due(deps.config, deps.now())
    except (BackupError, SchemaError, EmbeddedError) as error:
        return str(error)
    except SoftTimeLimitExceeded:
        return say("operator.backup.too_long", minutes=BACKUP_SECONDS // 60)
    except Exception as error:  # noqa: BLE001 - every failure must reach administrators
        _log.exception("the backup failed unexpectedly")
        return say("operator.backup.unforeseen", kind=type(error).__name__)
    return ""
