"""Define the data from which a mail to a customer is composed."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from invo_booking.domain.appointment import Appointment
from invo_booking.domain.branches import Branch
from invo_booking.domain.institution import Institution
from invo_booking.domain.interval import Interval

OPEN, MOVE, CANCEL = "open", "move", "cancel"
"""Name and values of a query parameter of the status page's URL.

The parameter ``open`` says which form the page shows at once: the form to move or the
form to cancel the appointment.
"""


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
    """Sent to a customer's former address, to remove the appointment from the calendar
    of that address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailFacts:
    """The data of a mail to a customer.

    Attributes:
        appointment: The appointment after the change that the mail describes.
        institution: The institution. If its local time differs from the customer's, the
            mail gives both.
        branch: Where a visit is held; ``None`` for other channels.
        organizer_email: The institution's own address.
        agent_name: Empty while unassigned.
        previous_agent_name: The agent before a change; may be empty.
        documents: What to bring, in the customer's language.
        status_url: Address of the customer's status page.
        again_url: Address at which the same topic can be booked again.
        room_url: Address at which the customer joins a video call; empty for other
            channels and for video calls without a room.
        customer_calls: Whether the customer calls the institution for a phone
            appointment; otherwise the institution calls.
        limit_url: For LIMIT: address of the page on which the customer chooses an
            appointment to cancel. No other mail contains this address.
        reason: Reason for the cancellation; may be empty.
        previous: The appointment's time before the change; ``None`` if the time did not
            change.
        agreed: The period that has the agreed wall time under today's time-zone rules;
            differs from the stored period if the rules have changed. May be ``None``.
        links: For LINKS: label and address of each live appointment.
        composed_at: DTSTAMP of the invitation, in UTC; by default the latest of the
            instants that are stored in the appointment.
        is_invited_by_host: Whether the host calendar invites the customer. The mail
            then contains neither an invitation, because the customer's calendar would
            show two entries, nor the withdrawal of an invitation.
        has_earlier_entry: Whether the host calendar once invited the customer, but can
            no longer update that invitation. The mail then contains a new invitation.
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
    has_earlier_entry: bool = False

    @property
    def clock(self) -> ZoneInfo:
        """The branch's zone for a visit, otherwise the institution's zone."""
        return self.branch.zone if self.branch else self.institution.zone
