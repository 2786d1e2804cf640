"""Routes of connections to outside calendars; use cases check every right.

Signing in, disconnecting and switching require a browser because they create or delete
our credentials for the provider.
"""

from collections.abc import Callable
from typing import Annotated

from fastapi import Body as RequestBody
from fastapi import Query

from invo_booking.api.admin.calendars_shapes import (
    CalendarsResponse,
    ConnectionResponse,
    ConsequencesResponse,
    EndedConnectionResponse,
    FindingResponse,
    FindingsResponse,
    HostBody,
    HostCalendarsResponse,
    HostConsequencesResponse,
    HostSwitchBody,
    NewHostBody,
    ProbeBody,
    SwitchBody,
)
from invo_booking.api.core.policy import (
    BrowserActor,
    CurrentActor,
    CurrentDeps,
    RoutePolicy,
    policy_router,
)
from invo_booking.api.core.submits import SubmitKey
from invo_booking.domain.access.roles import Actor
from invo_booking.usecases.admin import host_switching, switching
from invo_booking.usecases.calendars import checks, connections
from invo_booking.usecases.shared.deps import Deps
from invo_booking.usecases.shared.outside_threads import run_outside

router = policy_router(RoutePolicy.ADMIN, "/api/v1/admin/calendars")
credentials = policy_router(RoutePolicy.BROWSER_ADMIN, "/api/v1/admin/calendars")


@router.get("")
def show_calendars(deps: CurrentDeps, actor: CurrentActor) -> CalendarsResponse:
    """Show the primary provider and the state of its connection."""
    return CalendarsResponse.of(connections.connection_panel(deps, actor))


@router.post("/refresh", status_code=202)
def refresh(deps: CurrentDeps, actor: CurrentActor) -> CalendarsResponse:
    """Read busy times now."""
    connections.make_poll_due(deps, actor)
    return CalendarsResponse.of(connections.connection_panel(deps, actor))


@router.post("/test")
async def check_connection(
    deps: CurrentDeps,
    actor: CurrentActor,
    body: Annotated[ProbeBody | None, RequestBody()] = None,
) -> FindingsResponse:
    """Check everything the connection needs. Writes nothing at the provider."""
    probe = body.probe if body else ""
    result = await run_outside(lambda: checks.test_connection(deps, actor, probe))
    return FindingsResponse.of({"ok": all(it.ok for it in result), "findings": result})


@router.post("/test-appointment")
async def send_test_appointment(
    deps: CurrentDeps, actor: CurrentActor, key: SubmitKey
) -> FindingResponse:
    """Write a test appointment to the host calendar and remove it."""
    result = await run_outside(
        lambda: checks.send_test_appointment(deps, actor, key=key)
    )
    return FindingResponse.of(result)


@router.get("/hosts")
async def list_hosts(deps: CurrentDeps, actor: CurrentActor) -> HostCalendarsResponse:
    """List the calendars that can be the host calendar."""
    hosts = await run_outside(lambda: connections.host_calendar_choices(deps, actor))
    return HostCalendarsResponse.of({"hosts": hosts})


@router.put("/host")
async def choose_host(
    deps: CurrentDeps, actor: CurrentActor, body: HostBody
) -> ConnectionResponse:
    """Choose the host calendar; appointments in the previous one are moved."""
    host = await run_outside(
        lambda: connections.choose_host_calendar(deps, actor, body.host)
    )
    return ConnectionResponse.of(host)


@router.post("/hosts", status_code=201)
async def create_host(
    deps: CurrentDeps, actor: CurrentActor, body: NewHostBody, key: SubmitKey
) -> ConnectionResponse:
    """Create a host calendar; it may take minutes until it exists."""
    host = await run_outside(
        lambda: connections.create_host_calendar(deps, actor, body.name, key=key)
    )
    return ConnectionResponse.of(host)


@credentials.post("/disconnect")
async def disconnect(deps: CurrentDeps, actor: BrowserActor) -> EndedConnectionResponse:
    """Disconnect: the sign-in and all busy times are deleted, events stay."""
    return await _end(deps, actor, lambda: connections.disconnect_provider(deps, actor))


@router.get("/switch")
def show_consequences(
    deps: CurrentDeps,
    actor: CurrentActor,
    to: Annotated[str, Query(max_length=12)],
) -> ConsequencesResponse:
    """Show the consequences of switching to a provider; super admins only."""
    return ConsequencesResponse.of(switching.switching_consequences(deps, actor, to))


@credentials.post("/switch")
async def switch(
    deps: CurrentDeps, actor: BrowserActor, body: SwitchBody
) -> EndedConnectionResponse:
    """Switch to another provider; `typed` is the `word` of the consequences."""
    confirmed = body.model_dump()
    return await _end(
        deps, actor, lambda: switching.switch_provider(deps, actor, **confirmed)
    )


@router.get("/host/switch")
def show_host_consequences(
    deps: CurrentDeps,
    actor: CurrentActor,
    to: Annotated[str, Query(max_length=12)],
) -> HostConsequencesResponse:
    """Show the consequences of another kind of host calendar; super admins only."""
    return HostConsequencesResponse.of(
        host_switching.host_consequences(deps, actor, to)
    )


@credentials.post("/host/switch")
async def switch_host(
    deps: CurrentDeps, actor: BrowserActor, body: HostSwitchBody
) -> EndedConnectionResponse:
    """Switch to another kind of host calendar; somebody signs in again afterwards."""
    confirmed = body.model_dump()
    return await _end(
        deps, actor, lambda: host_switching.switch_host(deps, actor, **confirmed)
    )


async def _end(
    deps: Deps, actor: Actor, end: Callable[[], str]
) -> EndedConnectionResponse:
    """End a connection; return its state, and why revoking the sign-in failed."""

    def end_and_show() -> EndedConnectionResponse:
        problem = end()
        panel = connections.connection_panel(deps, actor)
        return EndedConnectionResponse.of(panel, revocation_problem=problem)

    return await run_outside(end_and_show)
