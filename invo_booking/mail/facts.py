"""What a mail is about, before anybody has found words for it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from invo_booking.domain.appointment import Appointment
from invo_booking.domain.institution import Institution
from invo_booking.domain.interval import Interval


class MailKind(StrEnum):
    """Why a customer is written to."""

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
    """For an address that the appointment is not with any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailFacts:
    """What a mail is about.

    Attributes:
        appointment: As it is after what the mail tells of.
        institution: Whose appointment it is; its clock is said as well where the
            customer's differs.
        organizer_email: The institution's own address.
        agent_name: Empty while unassigned.
        previous_agent_name: Who had it before a change, or empty.
        documents: What to bring, in the customer's words.
        status_url: The customer's one link.
        limit_url: For LIMIT: where to choose what to cancel; only this mail has it.
        reason: Why it was cancelled, or empty.
        previous: The span before a change, or ``None`` if only other things changed.
        agreed: When clocks of the institution show, by today's rules, what was agreed
            of the span before, or of what is over now; ``None`` if that is the span.
        links: For LINKS: label and address of each live appointment.
        composed_at: DTSTAMP of the invitation, in UTC; by default the latest instant
            the appointment itself knows of.
    """

    appointment: Appointment
    institution: Institution
    organizer_email: str
    agent_name: str = ""
    previous_agent_name: str = ""
    queue_name: str = ""
    documents: tuple[str, ...] = ()
    status_url: str
    limit_url: str = ""
    reason: str = ""
    previous: Interval | None = None
    agreed: Interval | None = None
    links: tuple[tuple[str, str], ...] = ()
    composed_at: datetime | None = None
