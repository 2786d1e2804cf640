"""Delete past appointments, including the data of their customers."""

from datetime import UTC, datetime

from invo_booking.domain.wall import local_midnight
from invo_booking.persistence.audit.entries import AuditEntry
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.usecases.appointment import history
from invo_booking.usecases.shared import purge_plan
from invo_booking.usecases.shared.deps import Deps
from invo_booking.usecases.upkeep import ticks

_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
BATCH = 500
MOST_BATCHES = 20
"""Maximum number of batches in one run, so that other tasks get their turn."""


def purge_outdated(deps: Deps) -> int:
    """Delete appointments that ended before the last midnight, if the purge is on.

    Anonymous counters and the audit log stay. The transaction that deletes a batch also
    adds its appointments to the counters, so a run that is repeated or killed counts no
    appointment twice.

    The purge starts at the first midnight after an administrator switched it on, and
    then deletes all appointments that ended before that midnight. The settings page has
    shown the administrator the number of these appointments. On later days, nothing is
    deleted if an unusual number of appointments is due at once.

    Returns:
        Number of deleted appointments.
    """
    if not _may_purge(deps):
        return 0
    purged = 0
    for _ in range(MOST_BATCHES):
        some = _purge_some(deps)
        purged += some
        if some < BATCH:
            break
    return purged


def _may_purge(deps: Deps) -> bool:
    with deps.unit_of_work() as work:
        begins_at = purge_plan.purge_begins_at(work)
        if begins_at is None or deps.now() < begins_at:
            return False
        amount = work.due.count_purgeable(_last_midnight(deps, work), begins_at)
        return ticks.may_do_amount(deps, work, ticks.PURGE, amount)


def count_purgeable(deps: Deps, work: UnitOfWork) -> int:
    """Return the number of appointments that the next purge would delete."""
    begins_at = purge_plan.purge_begins_at(work)
    if begins_at is None or deps.now() < begins_at:
        return 0
    return work.due.count_purgeable(_last_midnight(deps, work), _LONG_AGO).due


def _last_midnight(deps: Deps, work: UnitOfWork) -> datetime:
    zone = work.roster.institution.zone
    return local_midnight(deps.now().astimezone(zone).date(), zone)


def _purge_some(deps: Deps) -> int:
    now = deps.now().astimezone(UTC)
    with deps.unit_of_work() as work:
        begins_at = purge_plan.purge_begins_at(work)
        if begins_at is None or now < begins_at:
            return 0
        zone = work.roster.institution.zone
        today = now.astimezone(zone).date()
        some = work.purge.delete_ended_before(
            local_midnight(today, zone), zone, BATCH, now
        )
        if some:
            work.audit.add(
                AuditEntry.by(
                    history.SYSTEM,
                    "purged",
                    ("appointments", today.isoformat()),
                    now,
                    {"count": some},
                )
            )
            work.notify({"purged": some})
    return some
