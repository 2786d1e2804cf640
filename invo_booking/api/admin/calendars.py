"""Connections to outside calendars; the use cases check every right.

Signing in, ending the connection and changing over take a browser: they make or delete
the credentials of the provider.
"""

from typing import Annotated

from fastapi import Body as RequestBody
from fastapi import Query

from invo_booking.api.admin.calendars_shapes import (
    CalendarsResponse,
    ConnectionResponse,
    ConsequencesResponse,
    FindingResponse,
    FindingsResponse,
    HostBody,
    HostCalendarsResponse,
    NewHostBody,
    ProbeBody,
    SwitchBody,
)
from invo_booking.api.core.policy import (
    BrowserActor,
    CurrentActor,
    CurrentDeps,
    RoutePolicy,
    door,
)
from invo_booking.api.core.submits import SubmitKey
from invo_booking.usecases.admin import switching
from invo_booking.usecases.calendars import checks, connections

router = door(RoutePolicy.ADMIN, "/api/v1/admin/calendars")
credentials = door(RoutePolicy.BROWSER_ADMIN, "/api/v1/admin/calendars")


@router.get("")
def show_calendars(deps: CurrentDeps, actor: CurrentActor) -> CalendarsResponse:
    """Show the primary provider and the state of its connection."""
    return CalendarsResponse.of(connections.connection_panel(deps, actor))


@router.post("/refresh", status_code=202)
def refresh(deps: CurrentDeps, actor: CurrentActor) -> CalendarsResponse:
    """Have busy times read at once instead of at the next turn."""
    connections.make_poll_due(deps, actor)
    return CalendarsResponse.of(connections.connection_panel(deps, actor))


@router.post("/test")
def check_connection(
    deps: CurrentDeps,
    actor: CurrentActor,
    wanted: Annotated[ProbeBody | None, RequestBody()] = None,
) -> FindingsResponse:
    """Look at everything the connection needs; nothing is written at the provider."""
    probe = wanted.probe if wanted else ""
    found = checks.test_connection(deps, actor, probe)
    return FindingsResponse.of({"ok": all(it.ok for it in found), "findings": found})


@router.post("/test-appointment")
def send_test_appointment(
    deps: CurrentDeps, actor: CurrentActor, key: SubmitKey
) -> FindingResponse:
    """Write an appointment to the host calendar and take it out again."""
    found = checks.send_test_appointment(deps, actor, key=key)
    return FindingResponse.of(found)


@router.get("/hosts")
def list_hosts(deps: CurrentDeps, actor: CurrentActor) -> HostCalendarsResponse:
    """List the calendars that may host appointments, as the provider tells them."""
    return HostCalendarsResponse.of({"hosts": connections.host_choices(deps, actor)})


@router.put("/host")
def choose_host(
    deps: CurrentDeps, actor: CurrentActor, wanted: HostBody
) -> ConnectionResponse:
    """Let a calendar host appointments; those in another one are moved there."""
    return ConnectionResponse.of(connections.choose_host(deps, actor, wanted.host))


@router.post("/hosts", status_code=201)
def create_host(
    deps: CurrentDeps, actor: CurrentActor, wanted: NewHostBody, key: SubmitKey
) -> ConnectionResponse:
    """Make a calendar and let it host appointments; it may take minutes to be there."""
    made = connections.create_host(deps, actor, wanted.name, key=key)
    return ConnectionResponse.of(made)


@credentials.post("/disconnect")
def disconnect(deps: CurrentDeps, actor: BrowserActor) -> CalendarsResponse:
    """End the connection; its sign-in and all busy times are deleted, events stay."""
    connections.disconnect(deps, actor)
    return CalendarsResponse.of(connections.connection_panel(deps, actor))


@router.get("/switch")
def show_consequences(
    deps: CurrentDeps,
    actor: CurrentActor,
    to: Annotated[str, Query(max_length=12)],
) -> ConsequencesResponse:
    """Say what changing over to a provider means; super admins alone may."""
    return ConsequencesResponse.of(switching.switching_consequences(deps, actor, to))


@credentials.post("/switch")
def switch(
    deps: CurrentDeps, actor: BrowserActor, wanted: SwitchBody
) -> CalendarsResponse:
    """Change over to another provider; `typed` is the `word` of the consequences."""
    switching.switch_provider(
        deps,
        actor,
        wanted.to,
        typed=wanted.typed,
        cancel_events=wanted.cancel_events,
    )
    return CalendarsResponse.of(connections.connection_panel(deps, actor))
