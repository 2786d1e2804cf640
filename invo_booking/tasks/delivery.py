"""Tasks that process the outbox. For their times see ``tasks/schedule.py``."""

import time

from invo_booking import bootstrap
from invo_booking.broker import DELIVER, WRITE_CALENDARS, celery
from invo_booking.persistence.outbox import MAILS, NOTICE
from invo_booking.tasks.ticking import run_by_database_clock
from invo_booking.usecases.calendars import push
from invo_booking.usecases.upkeep import delivery, ticks

BATCH = 50
MAIL_BATCH = 5
"""Size of a batch: small enough to finish within a task's time limit."""

MAIL_SECONDS = 90.0
"""Time after which the next run continues; far below a task's time limit, because a
batch may take as long again."""


@celery.task(name=DELIVER)
def deliver_due_mails_task() -> None:
    """Send due mails in batches. Idempotent.

    While clocks differ mails to customers wait, because they may seem outdated. A copy
    of the database sends nothing.
    """
    ends = time.monotonic() + MAIL_SECONDS
    while time.monotonic() < ends:
        tick = ticks.begin_tick(bootstrap.deps())
        if tick.is_copy:
            return
        kinds = MAILS if tick.is_right else (NOTICE,)
        if (
            delivery.deliver_due_mails(tick.deps, limit=MAIL_BATCH, kinds=kinds)
            < MAIL_BATCH
        ):
            return


@celery.task(name=WRITE_CALENDARS)
def write_calendars_task() -> None:
    """Write due appointments to the host calendar at the allowed pace. Idempotent."""
    run_by_database_clock(lambda deps: push.write_due_events(deps, limit=BATCH))


@celery.task(name="delivery.find_unwritten")
def find_unwritten_events_task() -> None:
    """Add writes for missing or outdated events. Idempotent."""
    run_by_database_clock(push.add_missing_writes)
