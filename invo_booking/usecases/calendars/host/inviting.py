"""Decide whether the product's mails or the host calendar invites a customer.

Whichever of the two first invited a customer also sends all later updates, because only
the sender of a calendar entry can update it. Therefore a changed setting applies only
to customers who have not been invited yet.
"""

from uuid import UUID

from invo_booking.domain.appointment import Appointment
from invo_booking.domain.calendars.inviter import Inviter
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.settings.calendars import has_host_invitations
from invo_booking.usecases.calendars.outside_agents import primary_connection


def is_invited_by_host(work: UnitOfWork, appointment: Appointment) -> bool:
    """Whether the event of an appointment has the customer as an attendee."""
    if not appointment.customer.email:
        return False
    inviter = work.inviters.find(appointment.id)
    if inviter is None:
        return has_host_invitations(work.settings)
    return inviter is Inviter.HOST


def record_host_invitation(work: UnitOfWork, appointment: Appointment) -> None:
    """If an event is to invite the customer, record this before the first write."""
    if appointment.customer.email and has_host_invitations(work.settings):
        work.inviters.add_if_none(appointment.id, Inviter.HOST)


def inviter_of_mail(work: UnitOfWork, appointment_id: UUID) -> tuple[Inviter, bool]:
    """Determine and store who invites the customer to whom a mail is being written.

    Returns:
        The inviter, and whether mails now invite instead of a host calendar that is no
        longer connected.
    """
    connection = primary_connection(work)
    has_host = connection is not None and connection.host is not None
    stored = work.inviters.find(appointment_id)
    if stored is Inviter.HOST and not has_host:
        work.inviters.replace(appointment_id, Inviter.MAIL)
        return Inviter.MAIL, True
    if stored is not None:
        return stored, False
    invites = has_host and has_host_invitations(work.settings)
    can_write = connection is not None and not connection.needs_person
    first = Inviter.HOST if invites and can_write else Inviter.MAIL
    return work.inviters.add_if_none(appointment_id, first), False
