"""Forgetting customers once their appointments are over."""

from datetime import UTC

from invo_booking.domain.wall import midnight
from invo_booking.persistence.audit import AuditEntry
from invo_booking.settings import general
from invo_booking.usecases import ledger
from invo_booking.usecases.deps import Deps

BATCH = 500
MOST_BATCHES = 20
"""At one go, so that other tasks get their turn; the next tick goes on."""


def purge_outdated(deps: Deps) -> int:
    """Delete what ended before the institution's last midnight, if it wants that.

    Anonymous counters and the audit trail stay. Found by a query and deleted in the
    transaction that counts it, batch by batch; so running twice, or being killed,
    neither counts nor deletes anything twice.

    Returns:
        How many appointments went.
    """
    purged = 0
    for _ in range(MOST_BATCHES):
        some = _purge_some(deps)
        purged += some
        if some < BATCH:
            break
    return purged


def _purge_some(deps: Deps) -> int:
    now = deps.now().astimezone(UTC)
    with deps.unit_of_work() as work:
        if not work.settings[general.PURGE_OUTDATED]:
            return 0
        zone = work.roster.institution.zone
        today = now.astimezone(zone).date()
        some = work.purge.ended_before(midnight(today, zone), zone, BATCH, now)
        if some:
            work.audit.add(
                AuditEntry.by(
                    ledger.SYSTEM,
                    "purged",
                    ("appointments", today.isoformat()),
                    now,
                    {"count": some},
                )
            )
            work.notify({"purged": some})
    return some
