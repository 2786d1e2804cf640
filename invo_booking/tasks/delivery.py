"""Send what is in the outbox. When each runs: ``tasks/schedule.py``."""

import time

from invo_booking import bootstrap
from invo_booking.broker import DELIVER, WRITE_CALENDARS, celery
from invo_booking.persistence.outbox import MAILS, NOTICE
from invo_booking.tasks.ticking import run_by_database_clock
from invo_booking.usecases.calendars import push
from invo_booking.usecases.upkeep import delivery, ticks

BATCH = 50
MAIL_BATCH = 5
"""So few that their letters end before a task's time is over, however slow they are."""

MAIL_SECONDS = 90.0
"""After this the next tick goes on; a batch of letters may take as long again, and
more, before a task is stopped."""


@celery.task(name=DELIVER)
def deliver_due() -> None:
    """Send what is due, batch by batch until nothing is. Idempotent.

    While clocks differ mails to customers wait, for they may only seem to be outdated.
    """
    ends = time.monotonic() + MAIL_SECONDS
    while time.monotonic() < ends:
        tick = ticks.begin_tick(bootstrap.deps())
        kinds = MAILS if tick.is_right else (NOTICE,)
        if (
            delivery.deliver_due_mails(tick.deps, limit=MAIL_BATCH, kinds=kinds)
            < MAIL_BATCH
        ):
            return


@celery.task(name=WRITE_CALENDARS)
def write_calendars() -> None:
    """Write to the host calendar what is due, as fast as is allowed. Idempotent."""
    run_by_database_clock(lambda deps: push.write_due_events(deps, limit=BATCH))


@celery.task(name="delivery.find_unwritten")
def find_unwritten() -> None:
    """Add a write for whatever the host calendar does not show. Idempotent."""
    run_by_database_clock(push.add_missing_writes)
