"""Define the appointment, its stored states and its phases."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from invo_booking.domain.interval import Interval


class Status(StrEnum):
    """The stored state of an appointment.

    The stored state does not say whether the customer is late or a call can be joined:
    see ``Phase``.
    """

    REQUESTED = "requested"
    CONFIRMED = "confirmed"
    COMPLETED = "completed"
    """The appointment is over and the customer's attendance is recorded."""

    ENDED = "ended"
    """The appointment is over and no attendance is recorded."""

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
    """Who cancelled an appointment."""

    CUSTOMER = "customer"
    STAFF = "staff"
    LATE = "late"
    PROVIDER = "provider"
    """Somebody deleted the appointment's event in the host calendar."""


class Phase(StrEnum):
    """The state of an appointment at an instant, as pages show it."""

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


LATE_NOTICE = timedelta(hours=1)
"""How long before the start customers can begin to report that they are running late;
earlier, they can only choose another time."""

OVER = frozenset(
    {
        Phase.COMPLETED,
        Phase.ENDED,
        Phase.NO_SHOW,
        Phase.EXPIRED,
        Phase.CANCELLED,
    }
)
"""Phases in which the appointment can no longer be changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """The customer of an appointment, who has no account.

    Attributes:
        email: Normalized address; may be empty.
        phone: E.164 number; may be empty.
        time_zone: IANA name; mail to the customer shows times in this zone.
        locale: BCP 47 tag; mail to the customer is written in this language.
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
        id: Also the iCalendar UID, in every mail and every calendar.
        sequence: iCalendar SEQUENCE; incremented when time or people change (RFC 5546).
        version: Incremented by every change, for compare-and-set.
        branch_id: Where a visit is held; ``None`` for other channels.
        agent_id: ``None`` while unassigned.
        chosen_agent_id: The agent the customer chose; ``agent_id`` may be another
            agent.
        starts_at: In UTC.
        ends_at: In UTC, exclusive.
        buffer_before: Time the agent keeps free before the appointment.
        buffer_after: Time the agent keeps free after the appointment.
        confirm_by: When an unconfirmed request expires; ``None`` if never.
        waits_until: Time until which staff agreed to wait for a late customer, in UTC.
        waits_by: The member of staff who agreed to wait.
        assigned_because: The reason for the choice of the agent, as a sentence.
        has_proof: Whether the contact details were verified, by a mailed link, a member
            of staff or an identified program.
        link_generation: Number of times the customer's links were replaced.
        joined_at: When the customer first entered the room.
        staff_joined_at: When a member of staff first entered the room.
        unchecked_at: If the agent's own calendar could not be read when the agent or
            the time was chosen, the instant of this choice; otherwise ``None``.
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
    branch_id: UUID | None = None
    agent_id: UUID | None = None
    chosen_agent_id: UUID | None = None
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
    staff_joined_at: datetime | None = None
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
    def preferred_agent_id(self) -> UUID | None:
        """The agent the customer chose; ``None`` unless this agent is assigned now."""
        is_kept = self.agent_id == self.chosen_agent_id
        return self.chosen_agent_id if is_kept else None

    @property
    def is_proven(self) -> bool:
        """Whether the contact details are known to belong to the person who booked."""
        return self.has_proof and self.confirmed_at is not None

    @property
    def is_visit(self) -> bool:
        """Whether the customer comes to a branch; the branch's zone then applies."""
        return self.channel is Channel.BRANCH

    @property
    def is_phone_call(self) -> bool:
        """Whether customer and agent meet by phone."""
        return self.channel is Channel.PHONE

    @property
    def period(self) -> Interval:
        """The span of the appointment."""
        return Interval(self.starts_at, self.ends_at)

    @property
    def buffered_period(self) -> Interval:
        """The appointment's span with the buffers before and after it."""
        return self.period.widen(self.buffer_before, self.buffer_after)

    @property
    def is_live(self) -> bool:
        """Whether the appointment holds its slot."""
        return self.status in LIVE

    def has_expired(self, now: datetime) -> bool:
        """Whether the appointment is a request that was not confirmed in time.

        A request expires at ``confirm_by`` or at its start, whichever is earlier.
        """
        return (
            self.status is Status.REQUESTED
            and self.confirm_by is not None
            and min(self.confirm_by, self.starts_at) <= now
        )

    def confirmable_for(self, timeout: timedelta) -> "Appointment":
        """Return the appointment with its confirmation deadline recomputed.

        A request must be confirmed within ``timeout`` after the customer made it, and
        before the appointment starts. Confirmed appointments have no deadline.
        """
        if self.status is not Status.REQUESTED:
            return self
        deadline = min(self.requested_at + timeout, self.starts_at)
        return replace(self, confirm_by=deadline)


def status_when_over(appointment: Appointment) -> Status:
    """Return the status that a confirmed appointment gets after its end.

    The status is ``COMPLETED`` if the customer joined the video call, because no other
    attendance is recorded. Otherwise the status is ``ENDED``.
    """
    return Status.ENDED if appointment.joined_at is None else Status.COMPLETED


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinRules:
    """When a video call can be joined, and when a missing customer counts as late.

    Attributes:
        opens_before: How long before the start the call can be joined.
        wait: Time after the start until a missing customer counts as late.
    """

    opens_before: timedelta
    wait: timedelta


def joinable_from(appointment: Appointment, rules: JoinRules) -> datetime:
    """Return from when on an appointment's video call can be joined, in UTC."""
    return appointment.starts_at - rules.opens_before


def is_late(appointment: Appointment, rules: JoinRules, now: datetime) -> bool:
    """Whether the customer has been missing for longer than the institution waits.

    Always false for visits and phone calls: the product does not know whether a
    customer came to a branch or answered the phone.
    """
    return (
        _is_awaited(appointment)
        and late_from(appointment, rules) <= now < appointment.ends_at
    )


def late_from(appointment: Appointment, rules: JoinRules) -> datetime:
    """Return when a missing customer counts as late, in UTC.

    If staff agreed to wait longer, the agreed time counts. An agreed time after the
    appointment's end is ignored: the appointment was moved since.
    """
    first, last = appointment.starts_at + rules.wait, appointment.waits_until
    if last is None or not first < last <= appointment.ends_at:
        return first
    return last


def is_waited_for(appointment: Appointment, rules: JoinRules, now: datetime) -> bool:
    """Whether the customer would be late if staff had not agreed to wait."""
    return _is_awaited(
        appointment
    ) and appointment.starts_at + rules.wait <= now < late_from(appointment, rules)


def _is_awaited(appointment: Appointment) -> bool:
    return (
        appointment.channel is Channel.VIDEO
        and appointment.status is Status.CONFIRMED
        and appointment.joined_at is None
    )


def reportable_from(appointment: Appointment, rules: JoinRules) -> datetime:
    """Return from when on a customer can report running late, in UTC."""
    return appointment.starts_at - max(LATE_NOTICE, rules.opens_before)


def may_report_late(appointment: Appointment, rules: JoinRules, now: datetime) -> bool:
    """Whether the customer can now report running late.

    True from ``reportable_from`` until the customer joins or the appointment ends.
    """
    return (
        appointment.status is Status.CONFIRMED
        and appointment.joined_at is None
        and reportable_from(appointment, rules) <= now < appointment.ends_at
    )


def appointment_phase(
    appointment: Appointment, rules: JoinRules, now: datetime
) -> Phase:
    """Return an appointment's phase at ``now``, the time of the server in UTC.

    The result does not depend on whether the periodic task has already stored that an
    appointment is over or has expired.
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
