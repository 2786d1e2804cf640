"""Handle the effects that a change of the institution has on live appointments.

An administrator decides about appointments that can no longer take place as before
(``effects``). The administrator also sees the appointments whose customers get a new
mail, because details in earlier mails are outdated (``mailed_facts``).
"""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from invo_booking.domain.access.roles import Actor
from invo_booking.domain.appointment import Appointment
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.texts import say
from invo_booking.usecases.admin import effects
from invo_booking.usecases.admin.affected import (
    STAYS,
    AffectedAppointment,
    AffectedAppointmentsError,
)
from invo_booking.usecases.admin.effects import (
    Disposition,
    RosterSnapshot,
    UndecidedError,
)
from invo_booking.usecases.appointment import changing, mailed_facts
from invo_booking.usecases.appointment.changing import Move
from invo_booking.usecases.appointment.mailed_facts import MailedFacts
from invo_booking.usecases.shared.deps import Deps


@dataclass(frozen=True, slots=True)
class StateBefore:
    """The institution before a change."""

    roster: RosterSnapshot
    facts: MailedFacts


def state_before(deps: Deps, work: UnitOfWork) -> StateBefore:
    """Return the institution's state. Call this before the change is written."""
    return StateBefore(
        effects.roster_snapshot(work), mailed_facts.mailed_facts(deps, work)
    )


def settle_change(
    deps: Deps,
    work: UnitOfWork,
    actor: Actor,
    before: StateBefore,
    dispositions: Mapping[UUID, Disposition],
) -> None:
    """Apply the decisions about affected appointments, after the change is written.

    The roster must have been locked before the change was checked. If decisions are
    missing, the exception rolls the transaction back, including the change.

    Args:
        before: The institution before the change.
        dispositions: Decisions by the appointment's id. Decisions about unaffected
            appointments are ignored. If the only effect on an appointment is that a
            mail about it is outdated, the decision must be ``KEEP``.

    Raises:
        UndecidedError: If decisions are missing, and an appointment can no longer take
            place as before.
        AffectedAppointmentsError: If decisions are missing, and outdated mails are the
            only effect of the change.
    """
    live = effects.appointments_ahead(deps, work)
    displaced = effects.displaced_appointments(work, before.roster, live)
    outdated = _find_outdated(deps, work, before, live)
    moving = {it.id for it, _ in displaced}
    concerned = moving | {it.id for it in outdated}
    if concerned <= _find_decided(dispositions, moving):
        effects.apply_dispositions(deps, work, actor, displaced, dispositions)
        _mail_again(deps, work, actor, before, outdated)
        return
    to_mail = {it.id for it in outdated}
    shown = {
        it.id: effects.describe_affected(deps, work, actor, it, w)
        for it, w in displaced
    }
    listed = [
        _with_mail(deps, work, before, it, shown.get(it.id))
        if it.id in to_mail
        else shown[it.id]
        for it in live
        if it.id in concerned
    ]
    raise (UndecidedError if displaced else AffectedAppointmentsError)(listed)


def mail_outdated(
    deps: Deps, work: UnitOfWork, actor: Actor, before: StateBefore
) -> None:
    """Mail customers whose earlier mails are outdated, without decisions.

    As for ``settle_change``, the roster must have been locked before the change was
    checked, and the change must already be written.
    """
    live = effects.appointments_ahead(deps, work)
    _mail_again(deps, work, actor, before, _find_outdated(deps, work, before, live))


def _find_decided(
    dispositions: Mapping[UUID, Disposition], moving: Container[UUID]
) -> set[UUID]:
    """Return the ids of the appointments whose decision can be applied."""
    return {
        one
        for one, disposition in dispositions.items()
        if one in moving or disposition is Disposition.KEEP
    }


def _find_outdated(
    deps: Deps, work: UnitOfWork, before: StateBefore, live: Iterable[Appointment]
) -> Sequence[Appointment]:
    after = mailed_facts.mailed_facts(deps, work)
    return mailed_facts.outdated_mails(before.facts, after, live)


def _with_mail(
    deps: Deps,
    work: UnitOfWork,
    before: StateBefore,
    appointment: Appointment,
    displaced: AffectedAppointment | None,
) -> AffectedAppointment:
    """Describe an appointment about which a new mail is sent.

    ``displaced`` describes the appointment if it also can no longer take place as
    before; otherwise ``None``.
    """
    after = mailed_facts.mailed_facts(deps, work)
    why = mailed_facts.outdated_sentence(before.facts, after, appointment)
    mail = mailed_facts.mail_sentence(appointment)
    is_mailed = bool(appointment.customer.email)
    if displaced:
        why = f"{displaced.why} {why}"
        return replace(displaced, why=why, mail=mail, is_mailed=is_mailed)
    return AffectedAppointment(
        id=appointment.id,
        starts_at=appointment.starts_at,
        title=appointment.title,
        customer=appointment.customer.name,
        agent=work.roster.person_name(appointment.agent_id),
        why=why,
        kept=say(STAYS),
        mail=mail,
        is_mailed=is_mailed,
    )


def _mail_again(
    deps: Deps,
    work: UnitOfWork,
    actor: Actor,
    before: StateBefore,
    outdated: Iterable[Appointment],
) -> None:
    now, after = deps.now(), mailed_facts.mailed_facts(deps, work)
    for one in outdated:
        current = work.appointments.get(one.id)  # may have a new agent by now
        was, clock = before.facts.roster.clock_of(one), work.roster.clock_of(one)
        if was != clock:
            work.wall_times.store_new_agreement(current, clock)
        fields = mailed_facts.outdated_fields(before.facts, after, one)
        move = Move(actor=actor, detail={"fields": fields}, is_mail_outdated=True)
        changing.store_change(deps, work, current, current, move, now)
