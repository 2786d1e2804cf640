"""Routes for monitoring."""

from fastapi import Request, Response
from prometheus_client import CollectorRegistry, Gauge, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from invo_booking.api.core.address import is_inside_networks
from invo_booking.api.core.policy import CurrentDeps, RoutePolicy, policy_router
from invo_booking.api.core.shapes import ResponseModel
from invo_booking.api.core.sockets import OPEN_SOCKETS
from invo_booking.run.draining import DRAINING, Draining
from invo_booking.texts import say
from invo_booking.usecases.upkeep import audit_seals, health

router = policy_router(RoutePolicy.PUBLIC)
operators = policy_router(RoutePolicy.OPERATOR)


class HealthCheckResponse(ResponseModel):
    """The result of one check."""

    name: str
    ok: bool
    sentence: str


class ReadinessResponse(ResponseModel):
    """Whether appointments can be booked.

    The checks contain names of servers, so callers outside the operator's network get
    no checks.
    """

    ready: bool
    checks: tuple[HealthCheckResponse, ...]


@router.get("/healthz")
async def alive() -> dict[str, str]:
    """Report that the process answers, without further checks."""
    return {"status": "ok"}


@router.get("/readyz", responses={503: {"model": ReadinessResponse}})
def ready(deps: CurrentDeps, request: Request, response: Response) -> ReadinessResponse:
    """Report all checks; 503 only if customers cannot be served here."""
    checks = (*_process_checks(), *health.health_checks(deps))
    fine = all(check.ok or not check.needed for check in checks)
    response.status_code = 200 if fine else 503
    is_inside = is_inside_networks(request.scope, deps.config.trusted_proxy_hops)
    shown = checks if is_inside else ()
    return ReadinessResponse.of({"ready": fine, "checks": shown})


def _process_checks(draining: Draining = DRAINING) -> tuple[health.Check, ...]:
    if not draining.is_on:
        return ()
    sentence = say("api.health.draining")
    return (health.Check(name="process", ok=False, sentence=sentence),)


@operators.get("/metrics", response_class=Response)
def metrics(deps: CurrentDeps, request: Request) -> Response:
    """Return the figures in Prometheus's text format.

    They are read from the database, so all web processes return the same, except the
    number of sockets, which is that of the process that answers.
    """
    registry = CollectorRegistry()
    sockets = Gauge("invo_web_sockets", "sockets of this process", registry=registry)
    sockets.set(request.scope.get(OPEN_SOCKETS, 0))
    for name, value in health.health_figures(deps).items():
        gauge = Gauge(f"invo_{name}", name.replace("_", " "), registry=registry)
        gauge.set(value)
    head = audit_seals.seal_figures(deps).head
    if head is not None:
        info = Gauge(
            "invo_audit_head", "newest sealed entry", ("hash",), registry=registry
        )
        info.labels(hash=head.hash).set(head.place)
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_PLAIN_0_0_4)
