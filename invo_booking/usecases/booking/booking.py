"""Let customers and programs request appointments, whose slots are held immediately."""

import secrets
from dataclasses import astuple, dataclass, replace
from datetime import datetime
from uuid import UUID, uuid4

from invo_booking.domain.access.scopes import Program
from invo_booking.domain.appointment import Appointment, Channel, Status
from invo_booking.domain.errors import (
    IdempotencyMismatchError,
    InvalidInputError,
    PublicSchedulingOffError,
    SlotClosedError,
    SlotTakenError,
)
from invo_booking.domain.institution import Answer
from invo_booking.domain.interval import Interval
from invo_booking.mail.facts import MailKind
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.settings import general, time
from invo_booking.settings.spec import Values
from invo_booking.texts import say
from invo_booking.usecases.appointment import history, limits
from invo_booking.usecases.appointment.branches import branch_for_channel
from invo_booking.usecases.appointment.customers import Contact, normalize_customer
from invo_booking.usecases.appointment.history import AppointmentEvent
from invo_booking.usecases.booking import admission
from invo_booking.usecases.booking.admission import (
    NO_EFFORT,
    AdmissionProof,
    AdmissionRequest,
    Purpose,
)
from invo_booking.usecases.booking.placing import place_appointment
from invo_booking.usecases.booking.resubmission import (
    BookingSubmission,
    booking_submission,
)
from invo_booking.usecases.calendars.live import live_check
from invo_booking.usecases.calendars.live.live_check import LiveCheck
from invo_booking.usecases.shared import links
from invo_booking.usecases.shared.deps import Deps
from invo_booking.usecases.slots import assigning, availability, offers
from invo_booking.usecases.slots.offers import (
    AnswerOption,
    Offer,
    PublicSite,
    next_open_slot,
    offer_slots,
    public_site,
)
from invo_booking.usecases.slots.question import SlotQuestion

__all__ = [
    "AnswerOption",
    "BookingRequest",
    "BookingResult",
    "Offer",
    "PublicSite",
    "find_request",
    "new_idempotency_key",
    "next_open_slot",
    "offer_slots",
    "public_site",
    "request_appointment",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingRequest:
    """A customer's request for an appointment, as typed.

    Attributes:
        starts_at: Requested start, in UTC.
        time_zone: IANA name of the time zone in which times were shown to the customer.
        locale: BCP 47 tag of the customer's locale, for mails.
        agent_id: The agent the customer chose, if the queue allows a choice; otherwise
            ``None``.
        branch_id: Branch of a visit; may be ``None`` if only one branch is open.
    """

    answer_id: UUID
    language: str
    channel: Channel
    starts_at: datetime
    name: str
    email: str = ""
    phone: str = ""
    time_zone: str
    locale: str = ""
    notes: str = ""
    agent_id: UUID | None = None
    branch_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingResult:
    """The result of a request for an appointment.

    Attributes:
        token: Secret of the customer's link. The link can confirm the request only if
            no e-mail address was given.
        confirm_by: When the request expires unless it is confirmed, in UTC; ``None`` if
            the appointment is confirmed already.
        mailed_to: Address to which the mail goes; may be empty.
    """

    appointment: Appointment
    token: str
    confirm_by: datetime | None
    mailed_to: str


def new_idempotency_key() -> str:
    """Return a key for one submission, to be made when the contact step opens."""
    return secrets.token_urlsafe(24)


def request_appointment(
    deps: Deps,
    request: BookingRequest,
    *,
    idempotency_key: str,
    effort: AdmissionProof = NO_EFFORT,
    proven_by: Program | None = None,
) -> BookingResult:
    """Hold a slot for a customer until the request is confirmed or expires.

    If a program has identified the customer, the request is confirmed immediately.

    One transaction, under the lock of the institution days, checks the slot and stores
    the appointment. The check uses the current settings and the same evaluation as
    offers of slots. Repeating the same key returns the first result.

    Args:
        deps: The product's parts; ``deps.caller`` contains the program, if any.
        request: The request.
        idempotency_key: The same for all submissions of one form. Keys of different
            programs are independent.
        effort: The caller's proof of work, if any.
        proven_by: The program that has identified the customer; otherwise ``None``.

    Raises:
        InvalidInputError: If a field cannot be used.
        PublicSchedulingOffError: If public scheduling is off.
        SlotTakenError: If another request has already booked the slot, or the chosen
            agent is not free.
        SlotClosedError: If the start is not offered.
        LimitReachedError: If the customer has as many appointments as allowed, and is
            identified or gave no e-mail address. If the address is unverified, no error
            is raised: the slot is held, and the mail asks the customer to cancel
            another appointment.
        CustomerBusyError: If an identified customer has an appointment at that time.
        TooManyRequestsError: If the contact has too many unconfirmed requests, or was
            used too often within a day.
        IdempotencyMismatchError: If the key was used with different data.
        ProofOfWorkRequiredError: If the caller must solve a proof of work first.
    """
    submit = booking_submission(deps, astuple(request), idempotency_key, proven_by)
    if proven_by is None:
        admission_request = AdmissionRequest(
            purpose=Purpose.REQUEST, answer_id=request.answer_id
        )
        admission.admit_request(deps, admission_request, effort, used_for=submit.key)
    try:
        booked = live_check.with_live_check(
            deps, lambda check: _book_under_lock(deps, request, submit, check)
        )
    except (SlotTakenError, SlotClosedError) as refused:
        refused.nearest = refused.nearest or _nearest(deps, request)
        raise
    deps.wake()
    return booked


def find_request(deps: Deps, idempotency_key: str) -> str:
    """Return the secret of the link to the appointment that a key created.

    The result is empty if there is no such appointment. Changes nothing. A page calls
    this function if it got no response, because the connection was lost or the process
    that handled the request died.
    """
    submit = booking_submission(deps, (), idempotency_key, None)
    with deps.unit_of_work() as work:
        answered = work.submits.find(submit.key)
        if answered is None:
            return ""
        return links.token_of(deps, work.appointments.get(UUID(answered.made)))


def _nearest(deps: Deps, request: BookingRequest) -> tuple[Interval, ...]:
    """Find the nearest open starts without a lock, so that no other booking waits."""
    return tuple(
        offers.nearest_offers(
            deps,
            request.answer_id,
            request.language,
            request.starts_at,
            request.agent_id,
            request.branch_id,
        )
    )


def _book_under_lock(
    deps: Deps, request: BookingRequest, submit: BookingSubmission, check: LiveCheck
) -> BookingResult:
    """Check the request and store the appointment in one transaction."""
    with deps.unit_of_work() as work:
        answer = _require_bookable_answer(work, request, deps.caller.program)
        customer = normalize_customer(work, _contact(request))
        _check_reachable(request.channel, customer.customer.phone)
        branch_id = branch_for_channel(work.roster, request.channel, request.branch_id)
        wanted = offers.slot_request(answer, work.settings, request.language, branch_id)
        assigning.require_agent_choice(work.roster, wanted.group, request.agent_id)
        period = Interval(request.starts_at, request.starts_at + wanted.length)
        question = SlotQuestion.of_public(work, wanted, deps.now())
        if not question.offers(period.start, agent=request.agent_id):
            repeated = _earlier_result(deps, work, submit)
            if repeated is not None:
                return repeated
            _refuse_if_closed(question, request)
        contacts = limits.limit_contacts(customer.customer)
        availability.lock_days_of(work, deps.now(), period, contacts=contacts)
        repeated = _earlier_result(deps, work, submit)
        if repeated is not None:
            return repeated
        now = deps.now()  # waiting for the lock may have taken seconds
        appointment = Appointment(
            id=uuid4(),
            status=Status.REQUESTED,
            answer_id=answer.id,
            title=answer.title,
            queue_id=answer.queue_id,
            language=request.language,
            channel=request.channel,
            branch_id=branch_id,
            starts_at=period.start,
            ends_at=period.end,
            buffer_before=answer.buffer_before,
            buffer_after=answer.buffer_after,
            customer=customer.customer,
            notes=customer.notes,
            requested_at=now,
            confirm_by=_confirm_by(now, period.start, work.settings),
            has_proof=False,
        )
        question = SlotQuestion.of_public(work, wanted, now)
        appointment = place_appointment(question, appointment, request.agent_id, check)
        if submit.proven_by is not None:
            appointment = _confirm_without_mail(appointment)
        over = limits.count_request(work, appointment, now)
        booked = _store(deps, work, appointment, now, over_limit=over)
        work.submits.add(
            submit.key,
            submit.fingerprint,
            appointment.id,
            now,
            made=str(appointment.id),
        )
        if deps.caller.program is not None:
            work.programs.record_appointment(deps.caller.program.id, appointment.id)
    return booked


def _store(
    deps: Deps,
    work: UnitOfWork,
    appointment: Appointment,
    now: datetime,
    *,
    over_limit: bool,
) -> BookingResult:
    work.appointments.add(appointment)
    mailed = (links.PROOF if over_limit else links.CONFIRM,)
    if appointment.status is Status.CONFIRMED:
        mailed = ()
    token = links.issue_link(deps, work, appointment, *mailed)
    event = AppointmentEvent(
        actor=history.CUSTOMER,
        action="held" if over_limit else "requested",
        detail={
            "starts_at": appointment.starts_at.isoformat(),
            "agent": work.roster.person_name(appointment.agent_id),
            "because": appointment.assigned_because,
        },
        mail=MailKind.LIMIT if over_limit else MailKind.REQUESTED,
        useful_until=appointment.confirm_by,
    )
    if appointment.status is Status.CONFIRMED:
        event = replace(event, action="created", mail=MailKind.CONFIRMED)
    history.record_event(work, appointment, event, now)
    return _book_with_check(appointment, token)


def _book_with_check(appointment: Appointment, token: str) -> BookingResult:
    return BookingResult(
        appointment=appointment,
        token=token,
        confirm_by=appointment.confirm_by,
        mailed_to=appointment.customer.email,
    )


def _confirm_without_mail(appointment: Appointment) -> Appointment:
    at = appointment.requested_at
    return replace(
        appointment,
        status=Status.CONFIRMED,
        confirmed_at=at,
        confirm_by=None,
        has_proof=True,
    )


def _earlier_result(
    deps: Deps, work: UnitOfWork, submit: BookingSubmission
) -> BookingResult | None:
    answered = work.submits.find(submit.key)
    if answered is None:
        return None
    if answered.fingerprint != submit.fingerprint:
        raise IdempotencyMismatchError
    appointment = work.appointments.get(UUID(answered.made))
    return _book_with_check(appointment, links.issue_link(deps, work, appointment))


def _require_bookable_answer(
    work: UnitOfWork, request: BookingRequest, program: Program | None
) -> Answer:
    if not work.settings[general.PUBLIC_SCHEDULING]:
        raise PublicSchedulingOffError
    answer = offers.schedulable_answer(work.roster, request.answer_id, request.language)
    if request.channel not in answer.channels:
        raise InvalidInputError({"channel": say("refusals.channel")})
    if program is not None and not program.may_book(answer.queue_id):
        raise InvalidInputError({"answer": say("refusals.program_topic")})
    return answer


def _contact(request: BookingRequest) -> Contact:
    return Contact(
        name=request.name,
        email=request.email,
        phone=request.phone,
        time_zone=request.time_zone,
        locale=request.locale,
        language=request.language,
        notes=request.notes,
    )


def _check_reachable(channel: Channel, phone: str) -> None:
    if channel is Channel.PHONE and not phone:
        raise InvalidInputError({"phone": say("refusals.phone_needed")})


def _refuse_if_closed(question: SlotQuestion, request: BookingRequest) -> None:
    """Refuse a closed start before locking, so that such requests wait for no lock."""
    start, agent = request.starts_at, request.agent_id
    with question.with_nearest_starts(start, agent):
        placeable = question.require_open(start)
        assigning.assign_request(
            question.work, question.wanted.group, start, placeable, agent
        )


def _confirm_by(now: datetime, starts_at: datetime, settings: Values) -> datetime:
    return min(now + settings[time.CONFIRM_TIMEOUT], starts_at)
