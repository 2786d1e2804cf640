"""Routes of conflicts between host calendar and appointments."""

from typing import Annotated
from uuid import UUID

from fastapi import Path

from invo_booking.api.core.policy import (
    CurrentActor,
    CurrentDeps,
    RoutePolicy,
    policy_router,
)
from invo_booking.api.core.shapes import InstantText, ResponseModel, read_from
from invo_booking.usecases.staff import host_conflicts

router = policy_router(RoutePolicy.STAFF, "/api/v1/staff/conflicts")

AppointmentId = Annotated[UUID, Path()]


class MovedToResponse(ResponseModel):
    """The new time of an event in the host calendar."""

    starts_at: InstantText = read_from("start")
    ends_at: InstantText = read_from("end")


class ConflictResponse(ResponseModel):
    """An appointment whose event differs or is missing.

    Attributes:
        kind: `moved`, `deleted` or `refused`.
        sentence: Why the appointment cannot follow the event, or why the provider
            refused the event.
    """

    appointment: UUID = read_from("appointment_id")
    title: str
    customer: str
    agent: str
    starts_at: InstantText
    ends_at: InstantText
    kind: str
    wanted: MovedToResponse | None
    sentence: str


class ConflictsResponse(ResponseModel):
    """Conflicts with the host calendar that the caller may see."""

    conflicts: tuple[ConflictResponse, ...]


@router.get("")
def list_conflicts(deps: CurrentDeps, actor: CurrentActor) -> ConflictsResponse:
    """List open conflicts."""
    return _all_conflicts(deps, actor)


@router.post("/write-again")
def write_all_again(deps: CurrentDeps, actor: CurrentActor) -> ConflictsResponse:
    """Write all deleted events again."""
    host_conflicts.rewrite_deleted_events(deps, actor)
    return _all_conflicts(deps, actor)


@router.post("/put-back")
def restore_events_moved_at_once(
    deps: CurrentDeps, actor: CurrentActor
) -> ConflictsResponse:
    """Move all events back that were moved at the same time."""
    host_conflicts.restore_events_moved_at_once(deps, actor)
    return _all_conflicts(deps, actor)


@router.post("/follow")
def follow_events_moved_at_once(
    deps: CurrentDeps, actor: CurrentActor
) -> ConflictsResponse:
    """Move all appointments whose events were moved at the same time, if possible."""
    host_conflicts.follow_events_moved_at_once(deps, actor)
    return _all_conflicts(deps, actor)


@router.post("/{appointment_id}/put-back")
def restore_event(
    deps: CurrentDeps, actor: CurrentActor, appointment_id: AppointmentId
) -> ConflictsResponse:
    """Move the event in the host calendar back to the appointment's time."""
    host_conflicts.restore_event(deps, actor, appointment_id)
    return _all_conflicts(deps, actor)


@router.post("/{appointment_id}/follow")
def follow(
    deps: CurrentDeps, actor: CurrentActor, appointment_id: AppointmentId
) -> ConflictsResponse:
    """Move the appointment to the new time of the event, if possible now."""
    host_conflicts.follow_moved_event(deps, actor, appointment_id)
    return _all_conflicts(deps, actor)


@router.post("/{appointment_id}/write-again")
def write_again(
    deps: CurrentDeps, actor: CurrentActor, appointment_id: AppointmentId
) -> ConflictsResponse:
    """Write a deleted or refused event again."""
    host_conflicts.rewrite_event(deps, actor, appointment_id)
    return _all_conflicts(deps, actor)


def _all_conflicts(deps: CurrentDeps, actor: CurrentActor) -> ConflictsResponse:
    return ConflictsResponse.of(
        {"conflicts": host_conflicts.host_conflicts(deps, actor)}
    )
