"""How many appointments a customer may have, and how many requests may wait."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from invo_booking.domain.appointment import Appointment, Status
from invo_booking.domain.errors import LimitReachedError, TooManyRequestsError
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.settings import general
from invo_booking.usecases import links

MOST_PENDING = 3
MOST_REQUESTS_A_DAY = 5
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Excess:
    """A limit that one appointment breaks.

    Attributes:
        allowed: How many there may be.
        per_day: Whether those of one institution date count, or all.
        in_the_way: Live appointments of the same customer that count, earliest first.
    """

    allowed: int
    per_day: bool
    in_the_way: tuple[Appointment, ...]

    @property
    def sentence(self) -> str:
        """What the customer is told who cannot go on."""
        count = len(self.in_the_way)
        if self.per_day:
            return (
                f"You already have {_told(count)} on that day, which is the most we "
                "allow. Choose another day or cancel one of them."
            )
        return (
            f"You already have {_told(count)}, which is the most we allow. "
            "Cancel one of them to book another."
        )


def excess(
    work: UnitOfWork, appointment: Appointment, others: Sequence[Appointment]
) -> Excess | None:
    """Return the limit that an appointment breaks; that of the day comes first.

    Args:
        work: The transaction.
        appointment: The one that is wanted.
        others: All other live appointments of its customer.
    """
    per_day = work.settings[general.MOST_PER_DAY]
    same_day = _same_day(work, appointment, others)
    if per_day and len(same_day) >= per_day:
        return Excess(per_day, per_day=True, in_the_way=same_day)
    in_total = work.settings[general.MOST_IN_TOTAL]
    if in_total and len(others) >= in_total:
        return Excess(in_total, per_day=False, in_the_way=tuple(others))
    return None


def excess_of_held(work: UnitOfWork, held: Appointment, now: datetime) -> Excess | None:
    """Return the limit that a held appointment still breaks; ``None`` for others.

    Only what was held above a limit is measured again: a request made within the
    limits of its time stays one that may be confirmed.
    """
    if not work.links.owners([held.id], links.PROOF):
        return None
    customer = held.customer
    live = work.appointments.live_of_contact(customer.email, customer.phone, now)
    return excess(work, held, [item for item in live if item.id != held.id])


def check(work: UnitOfWork, appointment: Appointment, *, hold: bool) -> bool:
    """Return whether a request breaks a limit and is to be held all the same.

    Call it under the lock of the institution days touched.

    Args:
        work: The transaction.
        appointment: The request, not stored yet.
        hold: Whether the customer would make room for it.

    Raises:
        TooManyRequestsError: If too many requests wait to be confirmed.
        LimitReachedError: If it breaks a limit and cannot be held: without an address
            nobody can prove whose the others are, and one is held at a time.
    """
    customer, now = appointment.customer, appointment.requested_at
    if work.settings[general.MOST_IN_TOTAL]:
        work.lock_customer(customer.email, customer.phone)
    live = work.appointments.live_of_contact(customer.email, customer.phone, now)
    if appointment.status is Status.REQUESTED:
        _check_bombing(work, appointment, live)
    broken = excess(work, appointment, live)
    if broken is None:
        return False
    if not hold or not customer.email:
        raise LimitReachedError(broken.sentence)
    waiting = [item.id for item in live if item.status is Status.REQUESTED]
    if work.links.owners(waiting, links.PROOF):
        raise LimitReachedError(
            "We are already holding a time for you. Open our mail about it and choose "
            "which of your appointments to cancel."
        )
    return True


def check_move(
    work: UnitOfWork, before: Appointment, after: Appointment, now: datetime
) -> None:
    """Refuse a move onto a day on which the customer has as many as allowed.

    Raises:
        LimitReachedError: If it is so.
    """
    zone, customer = work.roster.institution.zone, after.customer
    days = {it.starts_at.astimezone(zone).date() for it in (before, after)}
    if len(days) == 1:
        return
    live = work.appointments.live_of_contact(customer.email, customer.phone, now)
    broken = excess(work, after, [item for item in live if item.id != after.id])
    if broken and broken.per_day:
        raise LimitReachedError(broken.sentence)


def _same_day(
    work: UnitOfWork, appointment: Appointment, others: Sequence[Appointment]
) -> tuple[Appointment, ...]:
    zone = work.roster.institution.zone
    day = appointment.starts_at.astimezone(zone).date()
    return tuple(it for it in others if it.starts_at.astimezone(zone).date() == day)


def _check_bombing(
    work: UnitOfWork, appointment: Appointment, live: Sequence[Appointment]
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


def _told(count: int) -> str:
    return "1 appointment" if count == 1 else f"{count} appointments"
