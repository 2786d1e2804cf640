"""Limit how many appointments and unconfirmed requests a customer may have."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from invo_booking.domain import contact
from invo_booking.domain.appointment import Appointment, Customer, Status
from invo_booking.domain.errors import (
    CustomerBusyError,
    LimitReachedError,
    TooManyRequestsError,
)
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.persistence.upkeep.contact_uses import ContactUse
from invo_booking.settings import general
from invo_booking.texts import count, say
from invo_booking.usecases.shared import links

MOST_PENDING = 3
"""Maximum number of one contact's live appointments that are unconfirmed, or were made
without verifying the contact."""

MOST_A_DAY = {
    ContactUse.REQUEST: 5,
    ContactUse.UNPROVEN_MAIL: 5,
    ContactUse.LINK_MAIL: 3,
}
"""Maximum number of uses of one contact within 24 hours, by kind of use. Unsuccessful
uses count too."""

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Excess:
    """A limit that an appointment would exceed.

    Attributes:
        allowed: Number of appointments that the limit allows.
        per_day: Whether the limit counts the appointments of one date, in the zone of
            the appointment; otherwise the limit counts all appointments.
        in_the_way: The customer's live appointments that the limit counts, earliest
            first.
        is_overlap: Whether the appointments ``in_the_way`` overlap with the appointment
            in time.
    """

    allowed: int
    per_day: bool
    in_the_way: tuple[Appointment, ...]
    is_overlap: bool = False

    @property
    def sentence(self) -> str:
        """The error message for the customer."""
        key = "refusals.most_per_day" if self.per_day else "refusals.most"
        return count(key, len(self.in_the_way))


def limit_excess(
    work: UnitOfWork, appointment: Appointment, others: Sequence[Appointment]
) -> Excess | None:
    """Return the limit that an appointment exceeds; overlaps are checked first.

    For a confirmed appointment, only overlaps with confirmed appointments count.
    Otherwise a stranger's unconfirmed request could keep a verified customer from
    booking.

    Args:
        appointment: The new appointment.
        others: The customer's other live appointments.
    """
    is_agreed = appointment.status is Status.CONFIRMED
    if clash := _overlapping_appointments(
        appointment, others, confirmed_only=is_agreed
    ):
        return Excess(1, per_day=False, in_the_way=clash, is_overlap=True)
    per_day = work.settings[general.MOST_PER_DAY]
    same_day = _same_day(work, appointment, others)
    if per_day and len(same_day) >= per_day:
        return Excess(per_day, per_day=True, in_the_way=same_day)
    in_total = work.settings[general.MOST_IN_TOTAL]
    if in_total and len(others) >= in_total:
        return Excess(in_total, per_day=False, in_the_way=tuple(others))
    return None


def limit_excess_of_held(
    work: UnitOfWork, held: Appointment, now: datetime
) -> Excess | None:
    """Return the limit that a held appointment still exceeds, if any.

    Only appointments held above a limit are checked again. A request made within the
    limits can always be confirmed, so the result for such a request is ``None``.
    """
    if not work.links.owners([held.id], links.PROOF):
        return None
    customer = held.customer
    live = work.appointments.live_of_contact(customer.email, customer.phone, now)
    return limit_excess(work, held, [item for item in live if item.id != held.id])


def require_customer_free(
    work: UnitOfWork,
    appointment: Appointment,
    now: datetime,
    sentence: str = "",
) -> None:
    """Refuse a customer who has a confirmed appointment at the same time.

    Locks the customer's contacts. To avoid deadlocks, lock days before this call and
    rows after this call.

    Args:
        appointment: The new appointment, with a verified contact.
        sentence: Error message; empty for the default message, which is for the
            customer.

    Raises:
        CustomerBusyError: If the customer has such an appointment.
    """
    customer = appointment.customer
    work.lock_customer(*limit_contacts(customer))
    live = work.appointments.live_of_contact(customer.email, customer.phone, now)
    others = [item for item in live if item.id != appointment.id]
    if _overlapping_appointments(appointment, others, confirmed_only=True):
        raise CustomerBusyError(sentence)


def count_request(work: UnitOfWork, appointment: Appointment, now: datetime) -> bool:
    """Count a request; return whether the request exceeds a limit and must be held.

    Locks the customer's contacts; lock days before this call. Errors do not reveal how
    many appointments the owner of an unverified contact has.

    Args:
        appointment: The request; its contact may be unverified.

    Raises:
        TooManyRequestsError: If the contact was used too often, or has too many
            unconfirmed requests.
        LimitReachedError: If a verified customer exceeds a limit, or if the request
            exceeds a limit and has no e-mail address with which to verify the customer.
        CustomerBusyError: If a verified customer has an appointment at that time.
    """
    customer = appointment.customer
    contacts = limit_contacts(customer)
    work.lock_customer(*contacts)
    all_live = work.appointments.live_of_contact(customer.email, customer.phone, now)
    live = [item for item in all_live if item.id != appointment.id]
    if appointment.status is Status.CONFIRMED:
        return _check_proven(work, appointment, live)
    _check_pending(live)
    for one in contacts:
        _count_use(work, one, ContactUse.REQUEST, now)
    if customer.email:
        require_contact_use(
            work,
            contact.email_to_count_by(customer.email),
            ContactUse.UNPROVEN_MAIL,
            now,
        )
    if limit_excess(work, appointment, live) is None:
        return False
    if not customer.email:
        raise LimitReachedError(say("refusals.call_us"))
    waiting = [item.id for item in live if item.status is Status.REQUESTED]
    if work.links.owners(waiting, links.PROOF):
        raise TooManyRequestsError(say("refusals.waiting"))
    return True


def _check_proven(
    work: UnitOfWork, appointment: Appointment, live: Sequence[Appointment]
) -> bool:
    if broken := limit_excess(work, appointment, live):
        raise (
            CustomerBusyError
            if broken.is_overlap
            else LimitReachedError(broken.sentence)
        )
    return False


def limit_contacts(customer: Customer) -> tuple[str, ...]:
    """Return the e-mail address and phone number under which requests are counted."""
    counted = (contact.email_to_count_by(customer.email), customer.phone)
    return tuple(one for one in counted if one)


def count_unproven_mail(work: UnitOfWork, address: str, now: datetime) -> bool:
    """Count a mail to an unverified address; return whether the mail may be sent."""
    counted = contact.email_to_count_by(address)
    try:
        _count_use(work, counted, ContactUse.UNPROVEN_MAIL, now)
    except TooManyRequestsError:
        return False
    return True


def count_link_mail(work: UnitOfWork, address: str, now: datetime) -> None:
    """Count a request for a mail with links, even if there are no links to send.

    Raises:
        TooManyRequestsError: If mails with links were requested for the address too
            often within 24 hours.
    """
    counted = contact.email_to_count_by(address)
    work.lock_customer(counted)
    _count_use(work, counted, ContactUse.LINK_MAIL, now)


def require_contact_use(
    work: UnitOfWork, counted: str, use: ContactUse, now: datetime
) -> None:
    """Refuse to use a contact that was used too often. The contact must be locked.

    Raises:
        TooManyRequestsError: If there were too many uses within 24 hours. The error
            contains the instant from which a use is allowed again.
    """
    uses = work.contact_uses.uses_since(counted, use, now - DAY)
    if len(uses) >= MOST_A_DAY[use]:
        raise TooManyRequestsError(say(_TOO_MANY[use]), uses[-MOST_A_DAY[use]] + DAY)


def count_move_of_request(
    work: UnitOfWork, before: Appointment, after: Appointment, now: datetime
) -> bool:
    """Return whether a moved request exceeds a limit at its new time and must be held.

    Neither the result nor an error reveals to an unverified customer that the contact
    has other appointments.

    Raises:
        LimitReachedError: If a verified customer already has the allowed number of
            appointments on that day, or a customer without an e-mail address exceeds a
            limit.
        CustomerBusyError: If a verified customer has another appointment at that time.
    """
    zone, customer = work.roster.clock_of(after), after.customer
    work.lock_customer(*limit_contacts(customer))
    days = {it.starts_at.astimezone(zone).date() for it in (before, after)}
    live = work.appointments.live_of_contact(customer.email, customer.phone, now)
    broken = limit_excess(work, after, [item for item in live if item.id != after.id])
    counts = broken and (broken.is_overlap or (broken.per_day and len(days) > 1))
    if broken is None or not counts:
        return False
    if after.is_proven:
        raise (
            CustomerBusyError
            if broken.is_overlap
            else LimitReachedError(broken.sentence)
        )
    if not customer.email:
        raise LimitReachedError(say("refusals.call_us"))
    return True


def _overlapping_appointments(
    appointment: Appointment, others: Sequence[Appointment], *, confirmed_only: bool
) -> tuple[Appointment, ...]:
    """Return the customer's other appointments at the same time.

    Two e-mail addresses count as two customers, even with the same phone number.
    """
    return tuple(
        it
        for it in others
        if it.period.overlaps(appointment.period)
        and _is_same_person(it.customer, appointment.customer)
        and (it.status is Status.CONFIRMED or not confirmed_only)
    )


def _is_same_person(one: Customer, other: Customer) -> bool:
    if one.email and other.email:
        return contact.email_to_count_by(one.email) == contact.email_to_count_by(
            other.email
        )
    return bool(one.phone) and one.phone == other.phone


def _same_day(
    work: UnitOfWork, appointment: Appointment, others: Sequence[Appointment]
) -> tuple[Appointment, ...]:
    zone = work.roster.clock_of(appointment)
    day = appointment.starts_at.astimezone(zone).date()
    return tuple(it for it in others if it.starts_at.astimezone(zone).date() == day)


def _check_pending(live: Sequence[Appointment]) -> None:
    """Refuse a request of a contact that has too many unconfirmed requests.

    So no stranger can fill another person's mailbox, or the institution's calendar.
    """
    unproven = [
        item for item in live if item.status is Status.REQUESTED or not item.has_proof
    ]
    if len(unproven) >= MOST_PENDING:
        raise TooManyRequestsError(say("refusals.waiting"))


def _count_use(work: UnitOfWork, counted: str, use: ContactUse, now: datetime) -> None:
    require_contact_use(work, counted, use, now)
    work.contact_uses.add(counted, use, now)


_TOO_MANY = {
    ContactUse.REQUEST: "refusals.contact_used_often",
    ContactUse.UNPROVEN_MAIL: "refusals.mailed_often",
    ContactUse.LINK_MAIL: "refusals.links_sent_often",
}
