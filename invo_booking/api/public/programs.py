"""Routes for programs, which read, move and cancel their own appointments."""

from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import Query

from invo_booking.api.core.instants import (
    BOUND_PATTERN,
    read_window_of_query,
    read_zone_of_query,
)
from invo_booking.api.core.policy import (
    CurrentDeps,
    CurrentProgram,
    ProgramDeps,
    RoutePolicy,
    policy_router,
)
from invo_booking.api.core.shapes import CancelBody, RescheduleBody, VisitResponse
from invo_booking.api.public.program_shapes import (
    OwnProgramResponse,
    ProgramAppointmentResponse,
)
from invo_booking.usecases.booking import program_appointments

DEFAULT_WINDOW = timedelta(days=31)

router = policy_router(RoutePolicy.PROGRAM, "/api/v1/program")


@router.get("")
def show_program(program: CurrentProgram) -> OwnProgramResponse:
    """Show the program of the token, and what it may do."""
    return OwnProgramResponse.of(program)


@router.get("/appointments")
def list_appointments(
    deps: CurrentDeps,
    program: CurrentProgram,
    first: Annotated[str | None, Query(alias="from", pattern=BOUND_PATTERN)] = None,
    last: Annotated[str | None, Query(alias="to", pattern=BOUND_PATTERN)] = None,
) -> list[ProgramAppointmentResponse]:
    """List the appointments this program made, earliest first, 500 at most.

    `from` and `to` (exclusive; 31 days by default) are dates in UTC or instants with an
    offset.
    """
    zone = read_zone_of_query("UTC", "from")
    window = read_window_of_query(
        (first, last), zone, now=deps.now(), default=DEFAULT_WINDOW
    )
    appointments = program_appointments.appointments_of_program(deps, program, window)
    return list(map(ProgramAppointmentResponse.of, appointments))


@router.get("/appointments/{appointment_id}")
def show_appointment(
    deps: CurrentDeps, program: CurrentProgram, appointment_id: UUID
) -> VisitResponse:
    """Show an appointment this program made."""
    return VisitResponse.of(
        program_appointments.read_program_visit(deps, program, appointment_id)
    )


@router.post("/appointments/{appointment_id}/cancel")
def cancel_appointment(
    deps: ProgramDeps,
    program: CurrentProgram,
    appointment_id: UUID,
    why: CancelBody | None = None,
) -> VisitResponse:
    """Cancel an appointment this program made; repeating has no effect."""
    reason = why.reason if why else ""
    seen = program_appointments.cancel_for_program(
        deps, program, appointment_id, reason
    )
    return VisitResponse.of(seen)


@router.post("/appointments/{appointment_id}/reschedule")
def reschedule_appointment(
    deps: ProgramDeps,
    program: CurrentProgram,
    appointment_id: UUID,
    to: RescheduleBody,
) -> VisitResponse:
    """Move an appointment this program made to another open start."""
    moved = program_appointments.reschedule_for_program(
        deps, program, appointment_id, to.starts_at, to.agent
    )
    return VisitResponse.of(moved)
