"""Describe live appointments that a planned change would affect.

An administrator sees these appointments before the change is saved. The change is only
saved with a decision about each of them. Appointments that were booked meanwhile are
shown before, too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from invo_booking.domain.errors import InvoError
from invo_booking.texts import count, say

STAYS = "admin.affected.stays"


@dataclass(frozen=True, slots=True, kw_only=True)
class AffectedAppointment:
    """One appointment that the change would affect.

    Attributes:
        starts_at: In UTC.
        agent: Name of the agent; empty if unassigned.
        why: Why the change affects the appointment, as a sentence.
        instead: What reassigning would do, as a sentence; empty if this is not offered.
        kept: What keeping the appointment would do, as a sentence.
    """

    id: UUID
    starts_at: datetime
    title: str
    customer: str
    agent: str
    why: str
    kept: str
    instead: str = ""


class AffectedAppointmentsError(InvoError):
    """A change would affect live appointments about which there is no decision.

    Attributes:
        affected: The appointments, earliest first.
    """

    code = "displaces_appointments"

    def __init__(self, affected: Sequence[AffectedAppointment]) -> None:
        noun = count("admin.affected.n_appointments", len(affected))
        super().__init__(say("admin.affected.review", noun=noun))
        self.affected = tuple(affected)
