"""Let a program read, move and cancel the appointments that it made, and no others."""

from datetime import datetime
from uuid import UUID

from invo_booking.domain.access.scopes import Program
from invo_booking.domain.appointment import Appointment
from invo_booking.domain.errors import NotFoundError
from invo_booking.domain.interval import Interval
from invo_booking.texts import say
from invo_booking.usecases.booking import manage
from invo_booking.usecases.booking.manage import Visit
from invo_booking.usecases.shared import links
from invo_booking.usecases.shared.deps import Deps

MOST = 500
"""Maximum number of appointments in a list."""


def appointments_of_program(
    deps: Deps, program: Program, window: Interval
) -> tuple[Appointment, ...]:
    """Return the first 500 appointments of a program in a window, earliest first."""
    with deps.unit_of_work() as work:
        appointments = work.programs.appointments_of(program.id, window, MOST)
        return tuple(map(work.appointments.get, appointments))


def read_program_visit(deps: Deps, program: Program, appointment_id: UUID) -> Visit:
    """Return an appointment as its customer sees it.

    Raises:
        NotFoundError: If the program made no such appointment.
    """
    return manage.read_visit(deps, _link(deps, program, appointment_id))


def cancel_for_program(
    deps: Deps, program: Program, appointment_id: UUID, reason: str
) -> Visit:
    """Cancel an appointment and mail its customer. See ``manage.cancel_by_link``.

    Raises:
        NotFoundError: If the program made no such appointment.
        LinkExpiredError: If the appointment is over or expired.
    """
    return manage.cancel_by_link(deps, _link(deps, program, appointment_id), reason)


def reschedule_for_program(
    deps: Deps,
    program: Program,
    appointment_id: UUID,
    starts_at: datetime,
    agent_id: UUID | None,
) -> Visit:
    """Move an appointment for its customer. See ``manage.reschedule_by_link``.

    Raises:
        NotFoundError: If the program made no such appointment.
        LinkExpiredError: If the appointment is over, expired or cancelled.
        SlotTakenError: If another request has already booked the slot, or the chosen
            agent is not free.
        SlotClosedError: If the start is not offered.
        LimitReachedError: If the customer has as many appointments that day as allowed.
        TooManyRequestsError: If the appointment was moved too often within a day.
    """
    link = _link(deps, program, appointment_id)
    return manage.reschedule_by_link(deps, link, starts_at, agent_id=agent_id)


def _link(deps: Deps, program: Program, appointment_id: UUID) -> str:
    with deps.unit_of_work() as work:
        if not work.programs.has_made(program.id, appointment_id):
            raise NotFoundError(say("refusals.program_appointment"))
        appointment = work.appointments.get(appointment_id)
        return links.issue_link(deps, work, appointment)
