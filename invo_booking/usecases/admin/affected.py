"""Describe live appointments that a planned change would affect.

An administrator sees these appointments before the change is saved, including
appointments that were booked while the administrator was deciding. The change is saved
only with a decision about each of these appointments.
"""

from collections.abc import Iterable, Sequence
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
        instead: What reassigning the appointment would do, as a sentence; empty if
            reassigning is not offered.
        kept: What keeping the appointment would do, as a sentence.
        mail: How the customer learns of the new details, as a sentence; empty if
            earlier mails to the customer are still correct.
        is_mailed: Whether saving the change mails the new details to the customer.
    """

    id: UUID
    starts_at: datetime
    title: str
    customer: str
    agent: str
    why: str
    kept: str
    instead: str = ""
    mail: str = ""
    is_mailed: bool = False

    @property
    def can_be_reassigned(self) -> bool:
        """Whether reassigning the appointment is offered."""
        return bool(self.instead)


class AffectedAppointmentsError(InvoError):
    """A change would affect live appointments about which there is no decision.

    Attributes:
        affected: The appointments, earliest first.
    """

    code = "displaces_appointments"

    def __init__(self, affected: Sequence[AffectedAppointment]) -> None:
        noun = count("admin.affected.n_appointments", len(affected))
        super().__init__(self._sentence(noun, mails_sentence(affected)))
        self.affected = tuple(affected)

    def _sentence(self, noun: str, mails: str) -> str:
        return say("admin.affected.review", noun=noun, mails=mails)


def mails_sentence(affected: Iterable[AffectedAppointment]) -> str:
    """Return how customers learn of the new details.

    Empty if all earlier mails are still correct.
    """
    outdated = [it for it in affected if it.mail]
    mailed = sum(it.is_mailed for it in outdated)
    if mailed:
        noun = count("admin.affected.n_appointments", mailed)
        return say("admin.affected.mails", noun=noun)
    return say("admin.affected.no_mails") if outdated else ""
