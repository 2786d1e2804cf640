"""What time alone brings about. When each runs: ``tasks/schedule.py``.

Each finds its work by a query at every tick, so a missed tick is made up for by the
next one and a doubled tick finds nothing to do.
"""

from invo_booking import bootstrap
from invo_booking.broker import celery
from invo_booking.usecases import (
    admission,
    audit_seals,
    connection_upkeep,
    floods,
    purge,
    upkeep,
)

WORKER = "worker"
"""Name of the heartbeat that shows beat, broker and worker all live."""


@celery.task(name="upkeep.expire_unconfirmed")
def expire_unconfirmed() -> None:
    """Give up slots whose request nobody confirmed in time. Idempotent."""
    upkeep.expire_unconfirmed(bootstrap.deps())


@celery.task(name="upkeep.complete_past")
def complete_past() -> None:
    """Close appointments that are over. Idempotent."""
    upkeep.complete_past(bootstrap.deps())


@celery.task(name="upkeep.remind")
def remind() -> None:
    """Promise the reminders that are due. Idempotent."""
    upkeep.remind(bootstrap.deps())


@celery.task(name="upkeep.tidy")
def tidy() -> None:
    """Seal the audit trail; forget sessions that are over. Idempotent."""
    upkeep.tidy(bootstrap.deps())


@celery.task(name="upkeep.tell_audit_head")
def tell_audit_head() -> None:
    """Write to the log how far the audit trail is sealed. Idempotent."""
    audit_seals.tell_head(bootstrap.deps())


@celery.task(name="upkeep.tidy_connections")
def tidy_connections() -> None:
    """Warn of secrets about to end; forget grants nobody needs. Idempotent."""
    connection_upkeep.tidy(bootstrap.deps())


@celery.task(name="upkeep.forget_asked")
def forget_asked() -> None:
    """Forget who asked for what more than a day ago. Idempotent."""
    admission.forget(bootstrap.deps())


@celery.task(name="upkeep.watch_floods")
def watch_floods() -> None:
    """Find queues that unconfirmed requests are filling up. Idempotent."""
    floods.watch(bootstrap.deps())


@celery.task(name="upkeep.purge_outdated")
def purge_outdated() -> None:
    """Forget customers whose appointments ended before today. Idempotent."""
    purge.purge_outdated(bootstrap.deps())


@celery.task(name="upkeep.heartbeat")
def heartbeat() -> None:
    """Note that a worker is alive. Idempotent."""
    upkeep.beat(bootstrap.deps(), WORKER)
