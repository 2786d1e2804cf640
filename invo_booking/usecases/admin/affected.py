"""Describe live appointments affected by a planned change.

An administrator sees them before the change is saved. The change is saved once there is
a decision for each; appointments that came in meanwhile are shown first.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from invo_booking.domain.errors import InvoError

STAYS = "It stays as it is."


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
    instead: str = ""
    kept: str = STAYS


class AffectedAppointmentsError(InvoError):
    """A change would affect live appointments for which there is no decision.

    Attributes:
        affected: The appointments, earliest first.
    """

    code = "displaces_appointments"

    def __init__(self, affected: Sequence[AffectedAppointment]) -> None:
        count = len(affected)
        noun = "1 appointment" if count == 1 else f"{count} appointments"
        super().__init__(
            f"This concerns {noun}. Nothing is saved yet: look at the list, then keep "
            "them as they are or go back."
        )
        self.affected = tuple(affected)
