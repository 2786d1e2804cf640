"""Define the tasks that process the outbox; ``tasks/schedule.py`` says how often."""

import time

from invo_booking import bootstrap
from invo_booking.broker import DELIVER, WRITE_CALENDARS, celery
from invo_booking.persistence.outbox import MAILS, NOTICE
from invo_booking.tasks.periodic_task import PeriodicTask
from invo_booking.tasks.ticking import run_by_database_clock
from invo_booking.usecases.calendars import push
from invo_booking.usecases.upkeep import delivery, periodic, ticks
from invo_booking.usecases.upkeep.delivery import MAIL_WORKER

BATCH = 50
MAIL_BATCH = 5
"""Largest number of mails in one batch: few enough to be sent within the time limit of
a task."""

MAIL_SECONDS = 90.0
"""Seconds after which a run begins no further batch; the next run continues. Far below
a task's time limit, because the batch that then runs may take just as long."""


@celery.task(name=DELIVER, base=PeriodicTask)
def deliver_due_mails_task() -> None:
    """Send due mails in batches. Idempotent.

    While the clocks of database and worker differ, only notices to administrators are
    sent: mails to customers could be dropped because they seem outdated. On a copy of
    the database, nothing is sent. The heartbeat is always recorded, so that an operator
    can check a copy before releasing the copy.
    """
    ends = time.monotonic() + MAIL_SECONDS
    while time.monotonic() < ends:
        tick = ticks.begin_tick(bootstrap.deps())
        periodic.record_heartbeat(tick.deps, MAIL_WORKER)
        if tick.is_copy:
            return
        kinds = MAILS if tick.is_right else (NOTICE,)
        batch = delivery.deliver_due_mails(tick.deps, limit=MAIL_BATCH, kinds=kinds)
        if batch.handled < MAIL_BATCH:
            return


@celery.task(name=WRITE_CALENDARS, base=PeriodicTask)
def write_calendars_task() -> None:
    """Write due appointments to the host calendar at the allowed pace. Idempotent."""
    run_by_database_clock(lambda deps: push.write_due_events(deps, limit=BATCH))


@celery.task(name="delivery.find_unwritten", base=PeriodicTask)
def find_unwritten_events_task() -> None:
    """Add to the outbox a write for each missing or outdated event. Idempotent."""
    run_by_database_clock(push.add_missing_writes)
