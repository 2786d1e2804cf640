"""The public books: request a slot, which is held at once."""

import json
import secrets
from dataclasses import astuple, dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from invo_booking.domain.appointment import Appointment, Channel, Status
from invo_booking.domain.errors import (
    IdempotencyMismatchError,
    InvalidInputError,
    LimitReachedError,
    PublicSchedulingOffError,
    SlotClosedError,
    SlotTakenError,
    TooManyRequestsError,
)
from invo_booking.domain.institution import Answer, Roster
from invo_booking.domain.interval import Interval
from invo_booking.domain.reasons import polite
from invo_booking.domain.slots import Verdict
from invo_booking.mail.facts import MailKind
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.settings import general, time
from invo_booking.settings.spec import Values
from invo_booking.usecases import assigning, availability, ledger, links, offers
from invo_booking.usecases.customers import Contact, checked_customer
from invo_booking.usecases.deps import Deps
from invo_booking.usecases.ledger import News
from invo_booking.usecases.offers import (
    AnswerOption,
    Offer,
    PublicSite,
    next_open,
    offer_slots,
    public_site,
)

__all__ = [
    "AnswerOption",
    "Booked",
    "BookingRequest",
    "Offer",
    "PublicSite",
    "new_idempotency_key",
    "next_open",
    "offer_slots",
    "public_site",
    "request_appointment",
]

MOST_PENDING = 3
MOST_REQUESTS_A_DAY = 5
LONGEST_KEY = 200
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingRequest:
    """What a customer sent, as typed.

    Attributes:
        starts_at: In UTC.
        time_zone: IANA name of the zone the customer looked at.
        locale: BCP 47 tag that mail is written in.
        agent_id: Whom the customer chose, where the queue lets them; else ``None``.
    """

    answer_id: UUID
    language: str
    channel: Channel
    starts_at: datetime
    name: str
    email: str = ""
    phone: str = ""
    time_zone: str
    locale: str = "en"
    notes: str = ""
    agent_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Booked:
    """The answer to a request.

    Attributes:
        token: Secret of the customer's link.
        confirm_by: When the request expires unless it is confirmed.
        mailed_to: Address the confirmation mail goes to, or empty.
    """

    appointment: Appointment
    token: str
    confirm_by: datetime | None
    mailed_to: str


def new_idempotency_key() -> str:
    """Return a key for one submit, made when the contact step opens."""
    return secrets.token_urlsafe(24)


def request_appointment(
    deps: Deps, request: BookingRequest, *, idempotency_key: str
) -> Booked:
    """Hold a slot for a customer until it is confirmed or expires.

    One transaction: checks and insert happen under the lock of the institution days
    touched, with the settings of that moment and the same evaluation that offered
    the slot. Safe to repeat with the same key: the first answer is returned.

    Raises:
        InvalidInputError: If a field cannot be used; nothing is stored.
        PublicSchedulingOffError: If the public may not book.
        SlotTakenError: If somebody was faster, or the chosen agent is not free.
        SlotClosedError: If the start was never on offer.
        LimitReachedError: If the customer has as many appointments as allowed.
        TooManyRequestsError: If the address has too many unconfirmed requests.
        IdempotencyMismatchError: If the key was used with other data.
    """
    key = _checked_key(idempotency_key)
    try:
        booked = _booked_at_once(deps, request, key)
    except (SlotTakenError, SlotClosedError) as refused:
        refused.nearest = _nearest(deps, request)
        raise
    deps.wake()
    return booked


def _nearest(deps: Deps, request: BookingRequest) -> tuple[Interval, ...]:
    """Look for other starts once the lock is free, so that nobody waits for that."""
    return tuple(
        offers.nearest_offers(
            deps,
            request.answer_id,
            request.language,
            request.starts_at,
            **({"agent": request.agent_id} if request.agent_id else {}),
        )
    )


def _booked_at_once(deps: Deps, request: BookingRequest, key: str) -> Booked:
    """Check and store in one transaction, under the lock."""
    with deps.unit_of_work() as work:
        answer = _checked_answer(work, request)
        customer = checked_customer(work, _contact(request))
        _check_reachable(request.channel, customer.customer.phone)
        wanted = offers.wanted_for(answer, work.settings, request.language)
        assigning.check_choice(work.roster, wanted.group, request.agent_id)
        period = Interval(request.starts_at, request.starts_at + wanted.length)
        zone = work.roster.institution.zone
        work.lock_days(availability.days_of(period, zone))
        repeated = _answered_before(deps, work, key, request)
        if repeated is not None:
            return repeated
        verdict = _check_slot(deps, work, wanted, period.start)
        given = assigning.given(
            work, wanted.group, period.start, verdict.placeable, request.agent_id
        )
        appointment = Appointment(
            id=uuid4(),
            status=Status.REQUESTED,
            answer_id=answer.id,
            title=answer.title,
            queue_id=answer.queue_id,
            language=request.language,
            channel=request.channel,
            agent_id=given.agent_id,
            assigned_because=given.because,
            starts_at=period.start,
            ends_at=period.end,
            buffer_before=answer.buffer_before,
            buffer_after=answer.buffer_after,
            customer=customer.customer,
            notes=customer.notes,
            requested_at=deps.now(),
            confirm_by=_confirm_by(deps.now(), period.start, work.settings),
        )
        _check_limits(work, appointment)
        booked = _store(deps, work, appointment)
        work.submits.add(key, _fingerprint(request), appointment.id, deps.now())
    return booked


def _store(deps: Deps, work: UnitOfWork, appointment: Appointment) -> Booked:
    work.appointments.add(appointment)
    token = links.issue(deps, work, appointment.id)
    news = News(
        actor=ledger.CUSTOMER,
        action="requested",
        detail={
            "starts_at": appointment.starts_at.isoformat(),
            "agent": work.roster.person_name(appointment.agent_id),
            "because": appointment.assigned_because,
        },
        mail=MailKind.REQUESTED,
        useful_until=appointment.confirm_by,
    )
    ledger.tell(work, appointment, news, deps.now())
    return _booked(appointment, token)


def _booked(appointment: Appointment, token: str) -> Booked:
    return Booked(
        appointment=appointment,
        token=token,
        confirm_by=appointment.confirm_by,
        mailed_to=appointment.customer.email,
    )


def _checked_key(key: str) -> str:
    if not key or len(key) > LONGEST_KEY or not key.isascii() or not key.isprintable():
        raise InvalidInputError(
            {"idempotency_key": "Send a key of 1 to 200 letters and digits."}
        )
    return links.hashed(key)


def _fingerprint(request: BookingRequest) -> str:
    return links.hashed(json.dumps([str(value) for value in astuple(request)]))


def _answered_before(
    deps: Deps, work: UnitOfWork, key: str, request: BookingRequest
) -> Booked | None:
    answered = work.submits.find(key)
    if answered is None:
        return None
    if answered.fingerprint != _fingerprint(request):
        raise IdempotencyMismatchError
    appointment = work.appointments.get(answered.appointment_id)
    return _booked(appointment, links.token_of(deps, appointment.id))


def _checked_answer(work: UnitOfWork, request: BookingRequest) -> Answer:
    if not work.settings[general.PUBLIC_SCHEDULING]:
        raise PublicSchedulingOffError
    answer = offers.schedulable_answer(work.roster, request.answer_id, request.language)
    if request.channel not in answer.channels:
        raise InvalidInputError({"channel": "This topic is not offered that way."})
    return answer


def _contact(request: BookingRequest) -> Contact:
    return Contact(
        name=request.name,
        email=request.email,
        phone=request.phone,
        time_zone=request.time_zone,
        locale=request.locale,
        notes=request.notes,
    )


def _check_reachable(channel: Channel, phone: str) -> None:
    if channel is Channel.PHONE and not phone:
        raise InvalidInputError({"phone": "We need a phone number to call you."})


def _check_slot(
    deps: Deps, work: UnitOfWork, wanted: availability.Wanted, start: datetime
) -> Verdict:
    rules = availability.rules_for(
        work.roster, work.settings, wanted, deps.now(), public=True
    )
    period = Interval(start, start + wanted.length)
    with work.book(period, rules.now) as book:
        verdict = book.judge(rules, wanted.group, start)
    if verdict.open:
        return verdict
    reason = verdict.reasons[0]
    taken = "This time has just been taken."
    sentence = taken if reason.rule in availability.TAKEN else polite(verdict.reasons)
    raise availability.refusal(reason, sentence=sentence)


def _confirm_by(now: datetime, starts_at: datetime, settings: Values) -> datetime:
    return min(now + settings[time.CONFIRM_TIMEOUT], starts_at)


def _check_limits(work: UnitOfWork, appointment: Appointment) -> None:
    customer, now = appointment.customer, appointment.requested_at
    live = work.appointments.live_of_contact(customer.email, customer.phone, now)
    _check_bombing(work, appointment, live)
    in_total = work.settings[general.MOST_IN_TOTAL]
    if in_total and len(live) >= in_total:
        raise LimitReachedError(
            f"You already have {len(live)} appointments, which is the most we allow. "
            "Cancel one of them to book another."
        )
    per_day = work.settings[general.MOST_PER_DAY]
    same_day = _same_day(work.roster, live, appointment)
    if per_day and same_day >= per_day:
        raise LimitReachedError(
            f"You already have {same_day} appointments on that day, which is the most "
            "we allow. Choose another day or cancel one of them."
        )


def _same_day(roster: Roster, live: list[Appointment], appointment: Appointment) -> int:
    zone = roster.institution.zone
    day = appointment.starts_at.astimezone(zone).date()
    return sum(item.starts_at.astimezone(zone).date() == day for item in live)


def _check_bombing(
    work: UnitOfWork, appointment: Appointment, live: list[Appointment]
) -> None:
    """Keep strangers from filling somebody else's mailbox with our mail."""
    email, now = appointment.customer.email, appointment.requested_at
    pending = [item for item in live if item.status is Status.REQUESTED]
    sentence = "Confirm or cancel the appointments you have asked for, then try again."
    if len(pending) >= MOST_PENDING:
        raise TooManyRequestsError(sentence)
    if email and work.appointments.requested_since(email, now - DAY) >= (
        MOST_REQUESTS_A_DAY
    ):
        raise TooManyRequestsError(sentence, now + DAY)
