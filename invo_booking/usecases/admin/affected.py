"""Live appointments that a planned change would leave where nobody expects them.

An administrator is shown them before anything is saved. Saving goes through once each
of them was shown and is to be kept; one that came in between is shown first.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from invo_booking.domain.errors import InvoError

STAYS = "It stays as it is."


@dataclass(frozen=True, slots=True, kw_only=True)
class AffectedAppointment:
    """One appointment that the change would concern.

    Attributes:
        starts_at: In UTC.
        agent: Name; empty if nobody has it yet.
        why: Sentence about what would be wrong with it.
        instead: Sentence about what would come of giving it to somebody else, where
            that is offered.
        kept: Sentence about what would come of keeping it.
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
    """A change would displace live appointments, and nobody said what to do with them.

    Attributes:
        displaced: All of them, earliest first.
    """

    code = "displaces_appointments"

    def __init__(self, displaced: Sequence[AffectedAppointment]) -> None:
        count = len(displaced)
        noun = "1 appointment" if count == 1 else f"{count} appointments"
        super().__init__(
            f"This concerns {noun}. Nothing is saved yet: look at the list, then keep "
            "them as they are or go back."
        )
        self.displaced = tuple(displaced)
