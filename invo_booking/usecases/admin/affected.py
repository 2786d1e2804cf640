"""Describe live appointments affected by a planned change.

An administrator sees them before the change is saved. The change is saved once there is
a decision for each; appointments that came in meanwhile are shown first.
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
        agent: Name; empty if unassigned.
        why: Sentence about the problem.
        instead: Sentence about the result of reassigning, if that is offered.
        kept: Sentence about the result of keeping it.
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
    """A change would affect live appointments for which there is no decision.

    Attributes:
        affected: The appointments, earliest first.
    """

    code = "displaces_appointments"

    def __init__(self, affected: Sequence[AffectedAppointment]) -> None:
        noun = count("admin.affected.n_appointments", len(affected))
        super().__init__(say("admin.affected.review", noun=noun))
        self.affected = tuple(affected)
