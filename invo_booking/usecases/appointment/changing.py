"""Store changed appointments with all dependent values, and mail the customer once.

All moves, edits and reassignments use this module, so that all values that depend on
the time, the address, the language or the channel are always updated.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from invo_booking.domain.access.roles import Author
from invo_booking.domain.appointment import Appointment, Status
from invo_booking.domain.changes import customer_digest, derive_values, is_readdressed
from invo_booking.domain.interval import Interval
from invo_booking.mail.facts import MailKind
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.settings import time
from invo_booking.usecases.appointment import history, last_mailed
from invo_booking.usecases.appointment.history import (
    AppointmentEvent,
    appointment_difference,
)
from invo_booking.usecases.appointment.last_mailed import LastMailed
from invo_booking.usecases.shared import links
from invo_booking.usecases.shared.deps import Deps


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """The author and details of a change.

    Attributes:
        action: Action for the history, in the past tense. If empty, the action is
            ``"moved"`` or ``"changed"``.
        detail: Further details for the history.
        is_over_limit: Whether the customer must cancel another appointment before this
            appointment can be confirmed.
        is_mail_outdated: Whether earlier mails contain outdated data of the
            institution, such as a branch's location. A new mail is then sent even if
            nothing else changes.
    """

    actor: Author
    action: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict[str, Any])
    is_over_limit: bool = False
    is_mail_outdated: bool = False


def store_change(
    deps: Deps,
    work: UnitOfWork,
    before: Appointment,
    after: Appointment,
    move: Move,
    now: datetime,
) -> Appointment:
    """Store a changed appointment with its dependent values, and record the event.

    Args:
        before: The stored appointment, which must be live.
        after: The appointment with the new values.
        move: The author and details of the change.

    Raises:
        ConflictError: If another person has changed the appointment meanwhile.
        SlotTakenError: If the agent has a live appointment in the same span.
    """
    timeout = work.settings[time.CONFIRM_TIMEOUT]
    agreed = _agreed_period(work, before, after)
    derived = derive_values(before, after, timeout, now)
    if move.is_mail_outdated:
        derived = replace(derived, sequence=before.sequence + 1)
    saved = work.appointments.save(derived)
    last = last_mailed.take_back_mail(work, before, now)
    if move.is_mail_outdated:
        last = last.as_outdated()
    if is_readdressed(before, saved):
        work.outbox.drop_mails(saved.id, now)
        links.replace_links(deps, work, saved)
    is_over_limit = move.is_over_limit
    if is_over_limit:
        links.issue_mailed_link(deps, work, saved, links.PROOF)
    elif is_readdressed(before, saved):
        is_over_limit = links.is_over_limit(work, saved)
    moved = saved.period != before.period
    is_other_time = saved.period != last.period and not is_readdressed(before, saved)
    event = AppointmentEvent(
        actor=move.actor,
        action=move.action or ("moved" if moved else "changed"),
        detail={**appointment_difference(work.roster, before, saved), **move.detail},
        mail=_mail(before, saved, last, is_over_limit=is_over_limit),
        previous=_as_mailed(before, last) if is_other_time else None,
        agreed=agreed if last.period == before.period else None,
        useful_until=None if saved.status is Status.CONFIRMED else saved.confirm_by,
        last_mailed=last,
    )
    history.record_event(work, saved, event, now)
    if is_readdressed(before, saved) and before.customer.email and before.is_proven:
        history.add_withdrawal_mail(
            work, _as_mailed(before, last), saved, event.agreed, now
        )
    return saved


def _agreed_period(
    work: UnitOfWork, before: Appointment, after: Appointment
) -> Interval | None:
    """Return the previously agreed span if the time or address changed."""
    if after.period == before.period and not is_readdressed(before, after):
        return None
    return work.wall_times.as_agreed(before, work.roster.clock_of(before))


def _as_mailed(before: Appointment, last: LastMailed) -> Appointment:
    """Return the previous appointment with the time and agent of the latest mail."""
    return replace(
        before,
        starts_at=last.period.start,
        ends_at=last.period.end,
        agent_id=last.agent_id,
    )


def _mail(
    before: Appointment, after: Appointment, last: LastMailed, *, is_over_limit: bool
) -> MailKind | None:
    """Return the kind of mail to send; ``None`` if nothing in the mail would change.

    A new address gets a complete mail instead of a mail about the change.
    """
    is_new_recipient = is_readdressed(before, after)
    if not (is_new_recipient or customer_digest(after) != last.digest):
        return None
    if after.status is Status.CONFIRMED:
        return MailKind.CONFIRMED if is_new_recipient else MailKind.CHANGED
    if is_over_limit:
        return MailKind.LIMIT
    return MailKind.REQUESTED if is_new_recipient else MailKind.CHANGED
