"""Serve the page from which staff, signed in at a browser, enter a video call."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Request
from starlette.responses import Response

from invo_booking.api.core.policy import (
    BrowserActor,
    CurrentDeps,
    RoutePolicy,
    policy_router,
)
from invo_booking.api.doors import door_page, is_press, room_redirect
from invo_booking.domain.access.roles import Actor
from invo_booking.domain.errors import InvoError, SlotClosedError
from invo_booking.texts import say
from invo_booking.texts.dates import instant_text
from invo_booking.usecases.booking import booking
from invo_booking.usecases.shared.deps import Deps
from invo_booking.usecases.staff import joining
from invo_booking.web.kit.text import times

AppointmentId = Annotated[UUID, Path()]

router = policy_router(RoutePolicy.BROWSER, "/session/rooms/{appointment_id}")


@router.get("", include_in_schema=False)
def show_staff_door(
    request: Request,
    deps: CurrentDeps,
    actor: BrowserActor,
    appointment_id: AppointmentId,
) -> Response:
    """Show a button that enters the room; a press on our own page enters at once."""
    if is_press(request.headers):
        return enter_as_staff(deps, actor, appointment_id)
    try:
        appointment = joining.read_room(deps, actor, appointment_id)
    except InvoError as error:
        return _refusal(deps, actor, appointment_id, error)
    return _door(deps, title=f"{appointment.title}: {appointment.customer.name}")


@router.post("", include_in_schema=False)
def enter_as_staff(
    deps: CurrentDeps, actor: BrowserActor, appointment_id: AppointmentId
) -> Response:
    """Record that staff joined, and send the browser to the room."""
    try:
        return room_redirect(joining.enter_room_as_staff(deps, actor, appointment_id))
    except InvoError as error:
        return _refusal(deps, actor, appointment_id, error)


def _refusal(
    deps: Deps, actor: Actor, appointment_id: UUID, error: InvoError
) -> Response:
    if not isinstance(error, SlotClosedError):
        return _door(deps, refusal=error)
    opens_at = joining.room_opens_at(deps, actor, appointment_id)
    opens = f"{instant_text(opens_at)} {times.zone_abbreviation(opens_at)}"
    return _door(deps, refusal=error, opens=opens)


def _door(
    deps: Deps, *, refusal: InvoError | None = None, title: str = "", opens: str = ""
) -> Response:
    return door_page(
        refusal=refusal,
        title=title,
        opens=opens,
        institution=booking.public_site(deps).name,
        back="/dashboard",
        back_label=say("api.staff_rooms.back"),
    )
