"""Let a customer at a limit cancel an earlier appointment to get a new one.

The new appointment's slot is held until the customer decides. The link for deciding is
only mailed and never shown on a page, so using the link verifies the mailbox.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from invo_booking.domain.appointment import (
    Appointment,
    Phase,
    Status,
    appointment_phase,
)
from invo_booking.domain.errors import ConflictError
from invo_booking.domain.institution import Roster
from invo_booking.domain.moments import earliest_moment, next_shown_change
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.texts import page_language, say
from invo_booking.usecases.appointment import limits, steps
from invo_booking.usecases.booking.repeating import retry_overtaken
from invo_booking.usecases.shared import links
from invo_booking.usecases.shared.deps import Deps


class LimitStage(StrEnum):
    """What the customer at a limit can still decide."""

    CHOOSE = "choose"
    """An earlier appointment must be cancelled before the held one can be confirmed."""

    FREE = "free"
    """The limit is no longer exceeded, so the held appointment only needs
    confirmation."""

    BOOKED = "booked"
    KEPT = "kept"
    """The held appointment is cancelled; the earlier appointments stay."""

    GONE = "gone"
    """The held appointment has expired."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitPrompt:
    """The held appointment, and the earlier appointments that can be cancelled instead.

    Attributes:
        held: The held appointment.
        allowed: Number of appointments that the limit allows.
        per_day: Whether the limit counts the appointments of one date, in the zone of
            the held appointment; otherwise the limit counts all appointments.
        is_overlap: Whether the held appointment conflicts with an appointment at the
            same time.
        count: Number of conflicting appointments.
        earlier: Conflicting appointments that can be cancelled here, earliest first.
            Appointments made with a different e-mail address are left out.
        token: Secret of the held appointment's status page.
        seen_at: Server time at which this prompt was made, in UTC.
        changes_at: When the passing of time next changes this prompt, in UTC; ``None``
            for never.
        zones: IANA name of the zone in which each appointment is agreed, by the
            appointment's id.
    """

    stage: LimitStage
    held: Appointment
    allowed: int
    per_day: bool
    count: int
    earlier: tuple[Appointment, ...]
    institution_zone: str
    token: str
    seen_at: datetime
    is_overlap: bool = False
    changes_at: datetime | None = None
    zones: Mapping[UUID, str] = field(default_factory=dict[UUID, str])


def read_limit_prompt(deps: Deps, token: str) -> LimitPrompt:
    """Return the held appointment and the customer's choice. Changes nothing.

    Raises:
        NotFoundError: If the link is not valid.
    """
    with deps.unit_of_work() as work:
        held = links.open_link(work, token, links.PROOF)
        return _prompt(deps, work, held)


def swap_for_held(deps: Deps, token: str, earlier_id: UUID | None) -> LimitPrompt:
    """Cancel an earlier appointment and confirm the held one, in one transaction.

    If several appointments must be cancelled, each call cancels one appointment, and
    the last call confirms the held appointment. Idempotent.

    Args:
        token: Secret of the mailed link.
        earlier_id: The appointment to cancel; ``None`` if the limit is no longer
            exceeded.

    Raises:
        LinkExpiredError: If the appointment is no longer held; then nothing is
            cancelled.
        ConflictError: If the earlier appointment can no longer be cancelled.
    """
    prompt = retry_overtaken(lambda: _swap_in_transaction(deps, token, earlier_id))
    deps.wake()
    return prompt


def _swap_in_transaction(
    deps: Deps, token: str, earlier_id: UUID | None
) -> LimitPrompt:
    with deps.unit_of_work() as work:
        held, now = links.open_link(work, token, links.PROOF), deps.now()
        work.lock_customer(*limits.limit_contacts(held.customer))
        if held.status is Status.CONFIRMED:
            return _prompt(deps, work, held)
        steps.require_phase(held, {Phase.REQUESTED}, work, now)
        if limits.limit_excess_of_held(work, held, now):
            steps.cancel_and_record(
                work, _require_choice(work, held, earlier_id, now), now
            )
        if not limits.limit_excess_of_held(work, held, now):
            held = steps.confirm_and_record(work, held, now)
        return _prompt(deps, work, held)


def keep_earlier(deps: Deps, token: str) -> LimitPrompt:
    """Cancel the held appointment and keep the earlier appointments. Idempotent.

    Raises:
        LinkExpiredError: If the held appointment was confirmed.
    """
    prompt = retry_overtaken(lambda: _keep_in_transaction(deps, token))
    deps.wake()
    return prompt


def _keep_in_transaction(deps: Deps, token: str) -> LimitPrompt:
    with deps.unit_of_work() as work:
        held = links.open_link(work, token, links.PROOF)
        if held.is_live:
            now = deps.now()
            steps.require_phase(held, {Phase.REQUESTED}, work, now)
            held = steps.cancel_and_record(work, held, now)
        return _prompt(deps, work, held)


def _require_choice(
    work: UnitOfWork, held: Appointment, earlier_id: UUID | None, now: datetime
) -> Appointment:
    for earlier in _earlier(work, held, now):
        if earlier.id == earlier_id:
            return earlier
    raise ConflictError(say("refusals.choose_remaining"))


def _earlier(
    work: UnitOfWork, held: Appointment, now: datetime
) -> tuple[Appointment, ...]:
    """Return the conflicting appointments of the same address that can be cancelled."""
    broken, rules = (
        limits.limit_excess_of_held(work, held, now),
        steps.join_rules(work.settings),
    )
    return tuple(
        item
        for item in (broken.in_the_way if broken else ())
        if item.customer.email == held.customer.email
        and appointment_phase(item, rules, now) in steps.MOVABLE
    )


def _in_language(roster: Roster, appointment: Appointment) -> Appointment:
    """Return an appointment with its title in the current page's language."""
    title = roster.title_of(appointment, page_language())
    return replace(appointment, title=title)


def _prompt(deps: Deps, work: UnitOfWork, held: Appointment) -> LimitPrompt:
    now = deps.now()
    stage = _stage(work, held, now)
    broken = (
        limits.limit_excess_of_held(work, held, now)
        if stage is LimitStage.CHOOSE
        else None
    )
    earlier = _earlier(work, held, now) if broken else ()
    rules = steps.join_rules(work.settings)
    return LimitPrompt(
        stage=stage,
        held=_in_language(work.roster, held),
        allowed=broken.allowed if broken else 0,
        per_day=broken.per_day if broken else False,
        count=len(broken.in_the_way) if broken else 0,
        earlier=tuple(_in_language(work.roster, it) for it in earlier),
        institution_zone=work.roster.institution.zone.key,
        zones={it.id: work.roster.clock_of(it).key for it in (held, *earlier)},
        token=links.issue_link(deps, work, held),
        seen_at=now,
        is_overlap=broken.is_overlap if broken else False,
        changes_at=earliest_moment(
            next_shown_change(it, rules, now) for it in (held, *earlier)
        ),
    )


def _stage(work: UnitOfWork, held: Appointment, now: datetime) -> LimitStage:
    if held.status is Status.CANCELLED:
        return LimitStage.KEPT
    phase = appointment_phase(held, steps.join_rules(work.settings), now)
    if held.status is Status.CONFIRMED or held.confirmed_at is not None:
        return LimitStage.BOOKED
    if phase is not Phase.REQUESTED:
        return LimitStage.GONE
    return (
        LimitStage.CHOOSE
        if limits.limit_excess_of_held(work, held, now)
        else LimitStage.FREE
    )
