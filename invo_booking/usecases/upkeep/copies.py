"""Stop periodic tasks on a copy of the database until an operator releases the copy.

A restored backup contains mails that were sent long ago, requests that would expire,
and a connection to the calendar that the original database writes to. So no periodic
task works on a copy.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from invo_booking.persistence.audit.entries import AuditEntry
from invo_booking.persistence.outbox import CALENDAR, MAILS, REMOVAL
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.settings import time
from invo_booking.texts import say
from invo_booking.texts.dates import instant_text
from invo_booking.usecases.calendars.registration import provider_label
from invo_booking.usecases.shared import notices
from invo_booking.usecases.shared.audit import OPERATOR
from invo_booking.usecases.shared.deps import Deps
from invo_booking.usecases.upkeep import periodic, purge

BACKUP = "backup failed"
"""Name of the incident that a scheduled backup has failed."""

BACKUP_DEADLINE = "backup"
"""Name of the stored instant until which the next scheduled backup must be complete."""

OVER_AFTER = timedelta(hours=12)
"""Time without another failed backup after which the incident ``BACKUP`` is over."""

_FAILED_TEXT = "upkeep.copies.backup_failed_body"
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldBack:
    """What the periodic tasks would do immediately if this copy were released.

    Attributes:
        backup_at: When the backup was made, in UTC; ``None`` if the product's own
            restore was not used.
        mails: Number of mails that would be sent.
        oldest_mail: When the oldest of these mails was added, in UTC.
        calendar_writes: Number of events that would be written to the host calendar, or
            removed.
        reminders: Number of reminders that would be sent.
        expiring: Number of requests that would expire.
        ending: Number of past confirmed appointments that would be closed.
        purging: Number of appointments that would be deleted.
        provider: Label of the connected calendar provider; empty if there is none.
    """

    backup_at: datetime | None
    mails: int
    oldest_mail: datetime | None
    calendar_writes: int
    reminders: int
    expiring: int
    ending: int
    purging: int
    provider: str


def held_back(deps: Deps) -> HeldBack | None:
    """Return what a released copy would do; ``None`` if the database is no copy."""
    now = deps.now()
    with deps.unit_of_work() as work:
        origin = work.identity.copy_origin()
        if origin is None:
            return None
        connection = work.connections.active()
        leads = work.settings[time.REMINDERS] if work.is_set_up else ()
        return HeldBack(
            backup_at=origin.backup_at,
            mails=work.outbox.count("open"),
            oldest_mail=work.outbox.oldest_open(),
            calendar_writes=work.outbox.count("open", (CALENDAR, REMOVAL)),
            reminders=work.appointments.count_reminders(now, leads),
            expiring=work.due.count_expiring(now).due,
            ending=work.due.count_completing(now).due,
            purging=purge.count_purgeable(deps, work) if work.is_set_up else 0,
            provider=provider_label(connection.provider) if connection else "",
        )


def release_copy(deps: Deps, *, drop_mails: bool) -> None:
    """Let periodic tasks work on this database from now on, although it is a copy.

    Args:
        drop_mails: Whether to drop the unsent mails, and also the mails that periodic
            tasks would add now (reminders, and mails about expired requests).
    """
    now = deps.now()
    with deps.unit_of_work() as work:
        if drop_mails:
            for kind in MAILS:
                work.outbox.drop_open(kind, now)
            if work.is_set_up:
                periodic.drop_due_mails(deps, work)
        work.identity.adopt(now)
        entry = AuditEntry.by(
            OPERATOR,
            "copy released",
            ("database", ""),
            now,
            {"mails_dropped": drop_mails},
        )
        work.audit.add(entry)


def report_failed_backup(deps: Deps, reason: str) -> None:
    """Log that a scheduled backup failed, and mail administrators once per incident.

    Args:
        reason: What went wrong, as a sentence for the operator.
    """
    now = deps.now()
    _log.error("the backup failed", extra={"reason": reason})
    text = say(_FAILED_TEXT, reason=reason)
    with deps.unit_of_work() as work:
        if work.last_beat(BACKUP_DEADLINE) is None:
            work.beat(BACKUP_DEADLINE, now)
        if work.is_set_up and work.incidents.record(BACKUP, now, OVER_AFTER):
            notices.notify_administrators(
                work, say("upkeep.copies.backup_failed_subject"), text, now
            )


def record_backup_deadline(deps: Deps, deadline: datetime) -> None:
    """Record the instant until which the next scheduled backup must be complete."""
    with deps.unit_of_work() as work:
        work.beat(BACKUP_DEADLINE, deadline)


def backup_overdue(work: UnitOfWork, now: datetime) -> timedelta:
    """Return for how long a scheduled backup has been overdue.

    The duration is negative if the deadline has not passed yet, and zero if no backup
    is scheduled. In a copy of the database the duration is zero too, because copies are
    not backed up.
    """
    deadline = work.last_beat(BACKUP_DEADLINE)
    if deadline is None or work.identity.copy_origin():
        return timedelta()
    return now - deadline


def copy_sentence(work: UnitOfWork) -> str:
    """Return a sentence that says the database is a copy; empty for other databases."""
    origin = work.identity.copy_origin()
    if origin is None:
        return ""
    made = say("upkeep.copies.origin", moment=_moment(origin.backup_at))
    return say("upkeep.copies.is_copy", origin=made if origin.backup_at else "")


def _moment(at: datetime | None) -> str:
    return say("upkeep.copies.utc", at=instant_text(at)) if at else ""
