"""Let the holder of a customer's link read, confirm, move and cancel an appointment.

The link shown after a request allows reading, moving and cancelling. If the customer
gave an e-mail address, only the mailed link can confirm.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from invo_booking.domain import contact
from invo_booking.domain.appointment import (
    Appointment,
    Phase,
    Status,
    appointment_phase,
    is_late,
    joinable_from,
    may_report_late,
)
from invo_booking.domain.branches import Branch
from invo_booking.domain.errors import (
    ConflictError,
    InvalidInputError,
    ProofNeededError,
)
from invo_booking.domain.institution import OWN_LANGUAGE, Roster
from invo_booking.domain.interval import Interval
from invo_booking.domain.moments import next_shown_change
from invo_booking.mail.facts import MailFacts, MailKind
from invo_booking.mail.invitation import calendar_invitation
from invo_booking.persistence.outbox import LINKS, SEALED_ADDRESS
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.settings import calls
from invo_booking.texts import language_name, page_language, say
from invo_booking.usecases.appointment import changing, history, limits, rooms, steps
from invo_booking.usecases.appointment.changing import Move
from invo_booking.usecases.appointment.steps import MOVABLE, join_rules, require_phase
from invo_booking.usecases.booking import admission
from invo_booking.usecases.booking.admission import (
    NO_EFFORT,
    AdmissionProof,
    AdmissionRequest,
    Purpose,
)
from invo_booking.usecases.booking.placing import place_appointment
from invo_booking.usecases.booking.repeating import retry_overtaken
from invo_booking.usecases.calendars.live import live_check
from invo_booking.usecases.calendars.live.live_check import LiveCheck
from invo_booking.usecases.shared import links
from invo_booking.usecases.shared.deps import Deps
from invo_booking.usecases.shared.mailing import sender_address
from invo_booking.usecases.shared.sealing import seal
from invo_booking.usecases.slots import assigning, availability
from invo_booking.usecases.slots.availability import SlotRequest
from invo_booking.usecases.slots.question import SlotQuestion


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """An appointment as its customer sees it.

    Attributes:
        phase: Phase at ``seen_at``.
        joinable_from: When the join screen opens, in UTC.
        agent_name: Empty while unassigned.
        branch: Where a visit is held; ``None`` for other channels.
        has_room: Whether the appointment is a video call with a room to join.
        join_url: URL that leads to the room; empty while the call cannot be joined.
        customer_calls: Whether customers call the institution for phone appointments.
        can_report_late: Whether the start is near enough to report being late.
        can_confirm: Whether this link can confirm the request.
        over_limit: Whether the customer must first cancel another appointment through
            the mailed link. If ``can_confirm`` is false, this is false too.
        seen_at: Server time at which the appointment was read, in UTC.
        changes_at: When the passing of time next changes this data, in UTC; ``None``
            for never.
    """

    appointment: Appointment
    phase: Phase
    joinable_from: datetime
    agent_name: str
    queue_name: str
    language_name: str
    institution_name: str
    institution_zone: str
    institution_phone: str
    branch: Branch | None = None
    documents: tuple[str, ...]
    has_room: bool
    join_url: str
    can_confirm: bool
    can_cancel: bool
    can_reschedule: bool
    can_report_late: bool
    is_running_late: bool
    customer_calls: bool
    seen_at: datetime
    over_limit: bool = False
    changes_at: datetime | None = None


def read_visit(deps: Deps, token: str) -> Visit:
    """Return the appointment behind a link. Changes nothing.

    Raises:
        NotFoundError: If the link is not valid.
    """
    with deps.unit_of_work() as work:
        return visit_of(deps, work, links.open_link(work, token), token)


def confirm_by_link(deps: Deps, token: str) -> Visit:
    """Confirm a request. Idempotent.

    Raises:
        ProofNeededError: If an e-mail address was given and this is not the mailed
            link.
        LinkExpiredError: If the request expired or was cancelled.
        LimitReachedError: If the customer must cancel another appointment first.
        CustomerBusyError: If another appointment of the customer at that time was
            confirmed meanwhile.
        ConflictError: If the appointment was moved during this call, so that the
            customer has not seen the new time.
    """
    seen: set[Interval] = set()
    visit = retry_overtaken(lambda: _confirm_in_transaction(deps, token, seen))
    deps.wake()
    return visit


def _confirm_in_transaction(deps: Deps, token: str, seen: set[Interval]) -> Visit:
    with deps.unit_of_work() as work:
        appointment = links.open_link(work, token)
        seen.add(appointment.period)
        if len(seen) > 1:
            raise ConflictError(say("refusals.moved_meanwhile"))
        if appointment.status is Status.CONFIRMED:
            return visit_of(deps, work, appointment, token)
        steps.require_phase(appointment, {Phase.REQUESTED}, work, deps.now())
        if not _may_confirm(work, appointment, token):
            raise ProofNeededError(say("refusals.link_confirms"))
        confirmed = steps.confirm_and_record(work, appointment, deps.now())
        return visit_of(deps, work, confirmed, token)


def cancel_by_link(deps: Deps, token: str, reason: str = "") -> Visit:
    """Cancel an appointment and free its slot. Idempotent.

    Raises:
        LinkExpiredError: If the appointment is over or expired.
    """
    visit = retry_overtaken(lambda: _cancel_in_transaction(deps, token, reason))
    deps.wake()
    return visit


def _cancel_in_transaction(deps: Deps, token: str, reason: str) -> Visit:
    with deps.unit_of_work() as work:
        appointment = links.open_link(work, token)
        if appointment.status is Status.CANCELLED:
            return visit_of(deps, work, appointment, token)
        cancelled = steps.cancel_and_record(work, appointment, deps.now(), reason)
        return visit_of(deps, work, cancelled, token)


def reschedule_by_link(
    deps: Deps, token: str, starts_at: datetime, *, agent_id: UUID | None = None
) -> Visit:
    """Move an appointment to another open slot of the same kind.

    If the assigned agent is free at the new time, the agent stays. Otherwise an agent
    is assigned by the queue's rule.

    Args:
        token: Secret of the customer's link.
        starts_at: The new start, in UTC.
        agent_id: The agent the customer chose, if the queue allows a choice.

    Raises:
        LinkExpiredError: If the appointment is over, expired or cancelled.
        SlotTakenError: If another request has already booked the slot, or the chosen
            agent is not free.
        SlotClosedError: If the start is not offered.
        LimitReachedError: If the customer has as many appointments that day as allowed.
        TooManyRequestsError: If the customer moved the appointment too often within a
            day.
    """
    visit = live_check.with_live_check(
        deps,
        lambda check: retry_overtaken(
            lambda: _reschedule_with_check(deps, token, starts_at, agent_id, check)
        ),
    )
    deps.wake()
    return visit


def _reschedule_with_check(
    deps: Deps,
    token: str,
    starts_at: datetime,
    agent_id: UUID | None,
    check: LiveCheck,
) -> Visit:
    with deps.unit_of_work() as work:
        unlocked = links.open_link(work, token)
        length = unlocked.ends_at - unlocked.starts_at
        period = Interval(starts_at, starts_at + length)
        appointment = availability.lock_appointment(work, deps.now(), unlocked, period)
        now = deps.now()
        require_phase(appointment, MOVABLE, work, now)
        if appointment.starts_at == starts_at:
            return visit_of(deps, work, appointment, token)
        if not _is_branch_open(work.roster, appointment):
            raise InvalidInputError({"branch": say("refusals.branch")})
        assigning.require_agent_choice(
            work.roster, SlotRequest.of(appointment).group, agent_id
        )
        admission.count_move(deps, work, appointment.id)
        there = replace(appointment, starts_at=period.start, ends_at=period.end)
        is_over_limit = limits.count_move_of_request(work, appointment, there, now)
        question = SlotQuestion.of_public(work, SlotRequest.of(there), now)
        with question.with_nearest_starts(starts_at, agent_id):
            wanted = place_appointment(
                question, there, agent_id, check, before=appointment
            )
        move = Move(
            actor=history.CUSTOMER,
            detail={"because": wanted.assigned_because},
            is_over_limit=is_over_limit,
        )
        moved = changing.store_change(deps, work, appointment, wanted, move, now)
        return visit_of(deps, work, moved, token)


def calendar_file(deps: Deps, token: str) -> bytes:
    """Return the appointment as an iCalendar file for the customer's own calendar."""
    with deps.unit_of_work() as work:
        appointment = links.open_link(work, token)
        language = contact.language_of_locale(appointment.customer.locale)
        answer = work.roster.answer_of(appointment, language)
        facts = MailFacts(
            appointment=appointment,
            institution=work.roster.institution,
            branch=work.roster.branch_of(appointment, language),
            organizer_email=sender_address(deps.config, work.settings),
            agent_name=work.roster.person_name(appointment.agent_id),
            documents=answer.documents if answer else (),
            status_url=links.status_url(deps, work, appointment),
            **rooms.meeting_facts(deps, work, appointment),
        )
        text = calendar_invitation(facts, method="PUBLISH", now=deps.now())
    return text.encode()


def mail_links(deps: Deps, email: str, effort: AdmissionProof = NO_EFFORT) -> None:
    """Mail a customer the links to all live appointments of an e-mail address.

    The worker determines later whether there are such appointments. So neither the
    result of this call nor its timing reveals who is a customer.

    Raises:
        InvalidInputError: If the text is not an e-mail address.
        ProofOfWorkRequiredError: If the caller must solve a proof of work first.
        TooManyRequestsError: If links were requested too often within a day for this
            address, even if the address has no appointments.
    """
    try:
        address = contact.clean_email(email)
    except ValueError as error:
        raise InvalidInputError({"email": str(error)}) from error
    admission.admit_request(deps, AdmissionRequest(purpose=Purpose.LINKS), effort)
    now = deps.now()
    with deps.unit_of_work() as work:
        limits.count_link_mail(work, address, now)
        sealed = seal(deps.config, LINKS, address)
        whose = {"mail": MailKind.LINKS.value, SEALED_ADDRESS: sealed}
        work.outbox.add(LINKS, whose, now=now)
    deps.wake()


def _may_confirm(work: UnitOfWork, appointment: Appointment, token: str) -> bool:
    """Whether this link can confirm the appointment.

    If the customer gave an e-mail address, only a mailed link can confirm.
    """
    return not appointment.customer.email or links.is_from_mail(work, token)


def _is_branch_open(roster: Roster, appointment: Appointment) -> bool:
    """Whether an appointment is a call, or a visit to a branch that is still open."""
    branch = roster.branch_of(appointment)
    return branch is None or branch.active


def visit_of(
    deps: Deps, work: UnitOfWork, appointment: Appointment, token: str
) -> Visit:
    """Return the appointment as its customer sees it, inside a transaction."""
    roster, now = work.roster, deps.now()
    rules = join_rules(work.settings)
    now_is = appointment_phase(appointment, rules, now)
    language = page_language()
    answer = roster.answer_of(appointment, language)
    may_confirm = now_is is Phase.REQUESTED and _may_confirm(work, appointment, token)
    has_room = rooms.has_room(deps, work, appointment)
    return Visit(
        appointment=replace(appointment, title=roster.title_of(appointment, language)),
        phase=now_is,
        joinable_from=joinable_from(appointment, rules),
        agent_name=roster.person_name(appointment.agent_id),
        queue_name=roster.queue_name(appointment.queue_id, language),
        language_name=roster.languages.get(appointment.language, appointment.language)
        if language == OWN_LANGUAGE
        else language_name(appointment.language),
        institution_name=roster.institution.name,
        institution_zone=roster.institution.zone.key,
        institution_phone=roster.institution.phone,
        branch=roster.branch_of(appointment, language),
        documents=answer.documents if answer else (),
        has_room=has_room,
        join_url=rooms.door_url(deps, work, appointment)
        if has_room and now_is in rooms.ENTERABLE
        else "",
        can_confirm=may_confirm,
        can_cancel=now_is in MOVABLE,
        can_report_late=may_report_late(appointment, rules, now),
        is_running_late=appointment.running_late_at is not None,
        customer_calls=calls.does_customer_call(work.settings, roster.institution),
        can_reschedule=now_is in MOVABLE
        and not is_late(appointment, rules, now)
        and _is_branch_open(roster, appointment),
        seen_at=now,
        over_limit=may_confirm
        and limits.limit_excess_of_held(work, appointment, now) is not None,
        changes_at=next_shown_change(appointment, rules, now),
    )
