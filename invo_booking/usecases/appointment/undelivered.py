"""Find live appointments whose customers did not get the latest mail."""

from datetime import datetime

from invo_booking.domain.access.roles import Actor
from invo_booking.domain.appointment import Appointment
from invo_booking.persistence.unit_of_work import UnitOfWork

MOST = 50
"""Maximum number of failed mails that are examined, latest first."""


def undelivered_appointments(
    work: UnitOfWork, actor: Actor, now: datetime
) -> list[Appointment]:
    """Return live appointments whose latest mail failed permanently, earliest first.

    An appointment is listed until a mail is sent again or the appointment is over.
    Actors who do not see all appointments get only their own appointments.
    """
    ids = work.mail_failures.appointments(MOST)
    seen = (
        it
        for it in map(work.appointments.find, ids)
        if it is not None
        and it.is_live
        and it.ends_at > now
        and (actor.oversees or it.agent_id == actor.id)
    )
    return sorted(seen, key=lambda it: it.starts_at)
