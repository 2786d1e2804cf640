"""Every route says who may call it, and means it."""

import pytest
from fastapi.routing import APIRoute

from invo_booking.api import demo
from invo_booking.api.application import ROUTERS, create_api
from invo_booking.api.core.policy import (
    RoutePolicy,
    administrators_in_browser,
    administrators_only,
    browser_actor,
    operators_only,
    require_program,
    signed_in_actor,
)

ALL_ROUTERS = (*ROUTERS, demo.router)
ROUTES = [route for router in ALL_ROUTERS for route in router.routes]
ADMIN_ROUTES = [route for route in ROUTES if RoutePolicy.ADMIN in route.tags]
STAFF_ROUTES = [route for route in ROUTES if RoutePolicy.STAFF in route.tags]
BROWSER_ROUTES = [
    route
    for route in ROUTES
    if {RoutePolicy.BROWSER, RoutePolicy.BROWSER_ADMIN} & set(route.tags)
]
PROGRAM_ROUTES = [route for route in ROUTES if RoutePolicy.PROGRAM in route.tags]
SIGNED_IN_ROUTES = STAFF_ROUTES + ADMIN_ROUTES + BROWSER_ROUTES
CHECKS = {
    RoutePolicy.STAFF: signed_in_actor,
    RoutePolicy.BROWSER: browser_actor,
    RoutePolicy.BROWSER_ADMIN: administrators_in_browser,
    RoutePolicy.PROGRAM: require_program,
    RoutePolicy.ADMIN: administrators_only,
    RoutePolicy.OPERATOR: operators_only,
}
NOBODY = "00000000-0000-4000-8000-000000000000"


def called(route):
    path = route.path.replace("{appointment_id}", NOBODY).replace("{token}", "x" * 43)
    path = path.replace("{name}", "logo").replace("{key}", "time.interval")
    path = path.replace("{number}", "1").replace("{person_id}", NOBODY)
    path = path.replace("{program_id}", NOBODY)
    return [(method, path) for method in sorted(route.methods)]


def calls(routes):
    return [call for route in routes for call in called(route)]


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.path}")
def test_every_route_declares_one_policy_and_checks_it(route: APIRoute):
    policies = [tag for tag in route.tags if tag in set(RoutePolicy)]

    assert len(policies) == 1
    check = CHECKS.get(policies[0])
    assert check is None or check in {d.dependency for d in route.dependencies}


def test_no_route_stands_outside_the_routers_walked_here(bare):
    demo_config = bare.model_copy(update={"demo": True})
    paths = create_api(demo_config).openapi()["paths"]

    documented = {(m.upper(), path) for path, ops in paths.items() for m in ops}
    walked = {(m, r.path) for r in ROUTES if r.include_in_schema for m in r.methods}
    assert documented == walked


@pytest.mark.parametrize(("method", "path"), calls(SIGNED_IN_ROUTES + PROGRAM_ROUTES))
def test_nobody_gets_past_a_staff_door(lonely, method, path):
    refused = lonely.request(method, path)

    assert refused.status_code == 401
    assert refused.json()["code"] == "not_signed_in"
    assert refused.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize(
    ("method", "path"), [call for call in calls(SIGNED_IN_ROUTES) if call[0] != "GET"]
)
def test_a_cookie_without_proof_of_our_own_page_changes_nothing(lonely, method, path):
    lonely.cookies.set("invo_session", "stolen")

    refused = lonely.request(method, path)

    assert refused.status_code == 403
    assert refused.json()["code"] == "cross_site"


@pytest.mark.parametrize(
    "path",
    sorted(
        {path for method, path in calls(ROUTES) if method == "POST"}
        - {path for method, path in calls(ROUTES) if method == "GET"}
    ),
)
@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "TRACE"])
def test_reading_methods_never_reach_what_changes(lonely, method, path):
    answer = lonely.request(
        method,
        path,
        headers={"x-http-method-override": "POST"},
        params={"_method": "POST"},
    )

    assert answer.status_code in {404, 405}


def test_figures_are_for_the_operators_own_network(failing):
    outside = failing(AssertionError("asked the database"), caller="8.8.8.8")

    assert outside.get("/metrics").status_code == 404


def test_wrong_method_is_called_that(lonely):
    answer = lonely.get(f"/api/v1/appointments/{'x' * 43}/confirm")

    assert answer.status_code == 405
    assert answer.json()["code"] == "method_not_allowed"
    assert answer.headers["allow"] == "POST"
