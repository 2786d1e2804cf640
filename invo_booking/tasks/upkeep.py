"""Define the other periodic tasks; ``tasks/schedule.py`` says how often each runs.

Each run finds its work by a query. The next run therefore does what a missed run left,
and a repeated run finds nothing to do.
"""

from invo_booking import bootstrap
from invo_booking.broker import celery
from invo_booking.run.backup import BackupError, back_up_if_due
from invo_booking.tasks.ticking import run_at_any_time, run_by_database_clock
from invo_booking.usecases.booking import admission
from invo_booking.usecases.calendars import connection_upkeep
from invo_booking.usecases.upkeep import (
    audit_seals,
    copies,
    floods,
    periodic,
    purge,
    ticks,
)

WORKER = "worker"
"""Name of the heartbeat that shows that Celery beat, the broker and a worker run."""

BACKUP_SECONDS = 3000
"""Time limit of a backup, in seconds: less than the time after which the broker would
deliver the task again."""


@celery.task(name="upkeep.expire_unconfirmed")
def expire_unconfirmed_task() -> None:
    """Expire unconfirmed requests. Idempotent."""
    run_by_database_clock(periodic.expire_unconfirmed)


@celery.task(name="upkeep.complete_past")
def complete_past_task() -> None:
    """Close appointments that are over. Idempotent."""
    run_by_database_clock(periodic.complete_past)


@celery.task(name="upkeep.remind")
def add_reminders_task() -> None:
    """Add the reminder mails that are due to the outbox. Idempotent."""
    run_by_database_clock(periodic.add_due_reminders)


@celery.task(name="upkeep.tidy")
def seal_and_forget_task() -> None:
    """Seal the audit log; delete ended sessions. Idempotent."""
    run_by_database_clock(periodic.seal_and_forget)


@celery.task(name="upkeep.tell_audit_head")
def log_audit_head_task() -> None:
    """Write the head of the audit chain to the log. Idempotent."""
    run_at_any_time(audit_seals.log_audit_head)


@celery.task(name="upkeep.tidy_connections")
def tidy_connections_task() -> None:
    """Warn of expiring secrets; delete unneeded grants. Idempotent."""
    run_by_database_clock(connection_upkeep.tidy_connections)


@celery.task(name="upkeep.forget_asked")
def forget_admissions_task() -> None:
    """Delete counts of requests older than a day. Idempotent."""
    run_by_database_clock(admission.forget_admissions)


@celery.task(name="upkeep.watch_floods")
def watch_floods_task() -> None:
    """Find queues whose slots unconfirmed requests are filling up. Idempotent."""
    run_by_database_clock(floods.watch_queues)


@celery.task(name="upkeep.purge_outdated")
def purge_outdated_task() -> None:
    """Delete customers whose appointments ended before today. Idempotent."""
    run_by_database_clock(purge.purge_outdated)


@celery.task(name="upkeep.heartbeat")
def record_heartbeat_task() -> None:
    """Record that a worker is alive. Idempotent."""
    run_at_any_time(lambda deps: periodic.record_heartbeat(deps, WORKER))


@celery.task(
    name="upkeep.back_up",
    time_limit=BACKUP_SECONDS,
    soft_time_limit=BACKUP_SECONDS - 30,
)
def back_up_task() -> None:
    """Back up the database if a backup is due and it is not a copy. Idempotent."""
    tick = ticks.begin_tick(bootstrap.deps())
    if not tick.may_work:
        return
    try:
        back_up_if_due(tick.deps.config, tick.deps.now())
    except BackupError as error:
        copies.report_failed_backup(tick.deps, str(error))
