"""Find the online meeting of a video appointment."""

from invo_booking.domain.appointment import Appointment, Channel
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.settings.calendars import has_host_meetings


def meeting_url(work: UnitOfWork, appointment: Appointment) -> str:
    """Return the address of the online meeting, if calls take place in meetings."""
    if appointment.channel is not Channel.VIDEO or not has_host_meetings(work.settings):
        return ""
    return work.host_events.join_url(appointment.id)
