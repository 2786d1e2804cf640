"""Define the facts of a mail, before it is written."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from invo_booking.domain.appointment import Appointment
from invo_booking.domain.branches import Branch
from invo_booking.domain.institution import Institution
from invo_booking.domain.interval import Interval

OPEN, MOVE, CANCEL = "open", "move", "cancel"
"""In the address of a status page: which of its actions is opened with it."""


class MailKind(StrEnum):
    """The kind of a mail to a customer."""

    REQUESTED = "requested"
    CONFIRMED = "confirmed"
    CHANGED = "changed"
    AGENT = "agent"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    REMINDER = "reminder"
    LINKS = "links"
    LATE = "late"
    LIMIT = "limit"
    WITHDRAWN = "withdrawn"
    """For an address to which the appointment no longer belongs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailFacts:
    """The facts of a mail.

    Attributes:
        appointment: The appointment after the change that the mail describes.
        institution: The institution; its time is shown too if the customer's differs.
        branch: Where a visit is held; ``None`` for other channels.
        organizer_email: The institution's own address.
        agent_name: Empty while unassigned.
        previous_agent_name: The agent before a change; may be empty.
        documents: What to bring, in the customer's language.
        status_url: The customer's one link.
        again_url: Where the same can be booked again.
        room_url: Address at which the customer joins a video call; empty if it is none
            or has no room.
        customer_calls: Whether the customer calls at a phone appointment.
        limit_url: For LIMIT: address of the choice of an appointment to cancel; only in
            this mail.
        reason: Reason of the cancellation; may be empty.
        previous: The span before a change; ``None`` if the time did not change.
        agreed: Span of the previously agreed wall time at the institution under today's
            rules; ``None`` if it equals the stored span.
        links: For LINKS: label and address of each live appointment.
        composed_at: DTSTAMP of the invitation, in UTC; by default the latest instant
            stored in the appointment.
        is_invited_by_host: Whether the host calendar invites the customer, so that the
            mail does not: their calendar would show two entries.
    """

    appointment: Appointment
    institution: Institution
    branch: Branch | None = None
    organizer_email: str
    agent_name: str = ""
    previous_agent_name: str = ""
    queue_name: str = ""
    documents: tuple[str, ...] = ()
    status_url: str
    again_url: str = ""
    room_url: str = ""
    customer_calls: bool = False
    limit_url: str = ""
    reason: str = ""
    previous: Interval | None = None
    agreed: Interval | None = None
    links: tuple[tuple[str, str], ...] = ()
    composed_at: datetime | None = None
    is_invited_by_host: bool = False

    @property
    def clock(self) -> ZoneInfo:
        """The zone in which the appointment is agreed: at the branch of a visit."""
        return self.branch.zone if self.branch else self.institution.zone
