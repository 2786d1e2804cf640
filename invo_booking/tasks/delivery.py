"""Keeping the outbox's promises. When each runs: ``tasks/schedule.py``."""

from invo_booking import bootstrap
from invo_booking.broker import DELIVER, celery
from invo_booking.usecases import delivery

BATCH = 50
_MOST_BATCHES = 20


@celery.task(name=DELIVER)
def deliver_due() -> None:
    """Send what is due, batch by batch until nothing is. Idempotent."""
    for _ in range(_MOST_BATCHES):
        if delivery.deliver_due(bootstrap.deps(), limit=BATCH) < BATCH:
            return
