"""The appointment: its states, and what the clock makes of them."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from invo_booking.domain.interval import Interval


class Status(StrEnum):
    """Stored states; *late* and *joinable* follow from the clock instead."""

    REQUESTED = "requested"
    CONFIRMED = "confirmed"
    COMPLETED = "completed"
    """The time is over, and it is recorded that the customer came."""

    ENDED = "ended"
    """The time is over, and nobody recorded whether the customer came."""

    EXPIRED = "expired"
    CANCELLED = "cancelled"
    NO_SHOW = "no_show"


LIVE = frozenset({Status.REQUESTED, Status.CONFIRMED})
"""States that hold a slot."""


class Channel(StrEnum):
    """How customer and agent meet."""

    VIDEO = "video"
    PHONE = "phone"
    BRANCH = "branch"


class CancelledBy(StrEnum):
    """Who ended an appointment before its time."""

    CUSTOMER = "customer"
    STAFF = "staff"
    LATE = "late"
    PROVIDER = "provider"
    """Somebody who deleted it in the host calendar."""


class Phase(StrEnum):
    """What an appointment is right now, as people see it."""

    REQUESTED = "requested"
    UPCOMING = "upcoming"
    JOINABLE = "joinable"
    LATE = "late"
    IN_CALL = "in_call"
    COMPLETED = "completed"
    ENDED = "ended"
    NO_SHOW = "no_show"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


OVER = frozenset(
    {
        Phase.COMPLETED,
        Phase.ENDED,
        Phase.NO_SHOW,
        Phase.EXPIRED,
        Phase.CANCELLED,
    }
)
"""Phases in which nothing can be done any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """The attendee: no account, known by e-mail or phone.

    Attributes:
        email: Normalized address, or empty.
        phone: E.164, or empty.
        time_zone: IANA name; mail is written in this zone.
        locale: BCP 47 tag; mail is written in this language.
    """

    name: str
    email: str = ""
    phone: str = ""
    time_zone: str = "UTC"
    locale: str = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class Appointment:
    """A reserved slot.

    Attributes:
        id: Also the iCalendar UID; the same in every mail and every calendar.
        sequence: iCalendar SEQUENCE; rises when time or people change (RFC 5546).
        version: Rises with every change; compare-and-set happens on it.
        agent_id: ``None`` while unassigned.
        starts_at: In UTC.
        ends_at: In UTC, exclusive.
        buffer_before: Time the agent keeps free in front.
        buffer_after: Time the agent keeps free behind.
        confirm_by: When an unconfirmed request expires; ``None`` if never.
        waits_until: How long somebody said that a late customer is waited for.
        waits_by: Who said so.
        assigned_because: One sentence that says why this agent.
        has_proof: Whether a mailed link, a member of staff or an identified program
            vouches for the contact.
        link_generation: How often the links were replaced by others.
        unchecked_at: When it was given its time while the agent's own calendar was to
            be looked at and did not answer; ``None`` if it did.
    """

    id: UUID
    sequence: int = 0
    version: int = 1
    status: Status
    answer_id: UUID | None
    title: str
    queue_id: UUID
    language: str
    channel: Channel
    agent_id: UUID | None = None
    starts_at: datetime
    ends_at: datetime
    buffer_before: timedelta = timedelta()
    buffer_after: timedelta = timedelta()
    customer: Customer
    notes: str = ""
    requested_at: datetime
    confirm_by: datetime | None = None
    confirmed_at: datetime | None = None
    joined_at: datetime | None = None
    waits_until: datetime | None = None
    waits_by: UUID | None = None
    running_late_at: datetime | None = None
    cancelled_by: CancelledBy | None = None
    cancel_reason: str = ""
    assigned_because: str = ""
    has_proof: bool = True
    link_generation: int = 0
    unchecked_at: datetime | None = None

    @property
    def is_proven(self) -> bool:
        """Whether the contact is known to belong to whoever made the appointment."""
        return self.has_proof and self.confirmed_at is not None

    @property
    def is_visit(self) -> bool:
        """Whether people meet at the branch, whose clock then tells the time."""
        return self.channel is Channel.BRANCH

    @property
    def period(self) -> Interval:
        """The span the appointment takes up."""
        return Interval(self.starts_at, self.ends_at)

    @property
    def is_live(self) -> bool:
        """Whether the appointment holds its slot."""
        return self.status in LIVE

    def has_expired(self, now: datetime) -> bool:
        """Whether nobody confirmed the request in time; never later than the start."""
        return (
            self.status is Status.REQUESTED
            and self.confirm_by is not None
            and min(self.confirm_by, self.starts_at) <= now
        )

    def confirmable_for(self, timeout: timedelta) -> "Appointment":
        """Return the same with the deadline that follows from its times.

        A request must be confirmed within ``timeout`` after it was made and before it
        starts; what is confirmed has no deadline.
        """
        if self.status is not Status.REQUESTED:
            return self
        deadline = min(self.requested_at + timeout, self.starts_at)
        return replace(self, confirm_by=deadline)


def status_when_over(appointment: Appointment) -> Status:
    """Return the status a confirmed appointment gets by itself once it is over.

    The clock knows that the time is over, not that anybody came: what is completed
    rests on a recorded fact, today that the customer joined.
    """
    return Status.ENDED if appointment.joined_at is None else Status.COMPLETED


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinRules:
    """When a call may be joined.

    Attributes:
        opens_before: Time ahead of the start from which one can join.
        wait: Time after the start from which a missing customer counts as late.
    """

    opens_before: timedelta
    wait: timedelta


def joinable_from(appointment: Appointment, rules: JoinRules) -> datetime:
    """Return the instant the join screen opens, in UTC."""
    return appointment.starts_at - rules.opens_before


def is_late(appointment: Appointment, rules: JoinRules, now: datetime) -> bool:
    """Whether the customer is missing for longer than the institution waits."""
    return (
        appointment.status is Status.CONFIRMED
        and appointment.joined_at is None
        and late_from(appointment, rules) <= now < appointment.ends_at
    )


def late_from(appointment: Appointment, rules: JoinRules) -> datetime:
    """Return when a missing customer counts as late, in UTC.

    Waiting that staff granted before the appointment was moved counts no more.
    """
    first, last = appointment.starts_at + rules.wait, appointment.waits_until
    if last is None or not first < last <= appointment.ends_at:
        return first
    return last


def is_waited_for(appointment: Appointment, rules: JoinRules, now: datetime) -> bool:
    """Whether the customer would be late if nobody had said to go on waiting."""
    return (
        appointment.status is Status.CONFIRMED
        and appointment.joined_at is None
        and appointment.starts_at + rules.wait <= now < late_from(appointment, rules)
    )


def appointment_phase(
    appointment: Appointment, rules: JoinRules, now: datetime
) -> Phase:
    """Return what the appointment is at ``now``; the server's clock decides.

    It is the same before and after the clock's own task has stored it.
    """
    if not appointment.is_live:
        return Phase(appointment.status)
    if appointment.has_expired(now):
        return Phase.EXPIRED
    if now >= appointment.ends_at:
        return Phase(status_when_over(appointment))
    if appointment.status is Status.REQUESTED:
        return Phase.REQUESTED
    return _phase_of_confirmed(appointment, rules, now)


def _phase_of_confirmed(
    appointment: Appointment, rules: JoinRules, now: datetime
) -> Phase:
    if now < joinable_from(appointment, rules):
        return Phase.UPCOMING
    if appointment.joined_at is not None:
        return Phase.IN_CALL
    return Phase.LATE if is_late(appointment, rules, now) else Phase.JOINABLE
