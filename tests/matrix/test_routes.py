"""RELIABILITY 75 and 79: every route of the API, called by everybody."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from invo_booking.api.application import create_api
from invo_booking.api.core.policy import RoutePolicy
from invo_booking.config import load_config
from invo_booking.domain.access.roles import Role
from invo_booking.domain.access.scopes import PROGRAM_SCOPES, TokenScope
from invo_booking.usecases.shared.refusals import LONGEST_NAME, MOST
from tests.matrix import evidence
from tests.matrix.crew import CUSTOMER, SECRET, STRANGER, Visitor
from tests.matrix.doors import Forms, Request, Route, call, routes, undeclared

SERVED = "tests.support.api_alone:create"
VARIABLES = {"INVO_DEMO": "1"}
API = create_api(load_config({"INVO_DEMO": "1"}))
ALL = routes(API)
REFUSING = set(RoutePolicy) - {
    RoutePolicy.PUBLIC,
    RoutePolicy.LINK,
    RoutePolicy.OPERATOR,
}
BROWSER_ONLY = {RoutePolicy.BROWSER, RoutePolicy.BROWSER_ADMIN}
SUPER_ADMINS = "Only a super admin"
CREDENTIALS = {
    "POST /session/password",
    "POST /session/tokens",
    "POST /session/programs",
    "POST /session/programs/{program_id}/token",
    "POST /api/v1/admin/people",
    "PUT /api/v1/admin/people/{person_id}",
    "POST /api/v1/admin/people/{person_id}/disable",
    "POST /api/v1/admin/people/{person_id}/enable",
    "POST /api/v1/admin/people/{person_id}/link",
    "POST /api/v1/admin/programs",
    "POST /api/v1/admin/programs/{program_id}/token",
    "POST /api/v1/admin/programs/{program_id}/revoke",
    "POST /api/v1/admin/calendars/disconnect",
    "POST /api/v1/admin/calendars/switch",
    "POST /api/v1/admin/calendars/host/switch",
    "DELETE /api/v1/profile/tokens/{key}",
    "DELETE /api/v1/admin/tokens/{key}",
    "GET /outlook",
    "GET /google/callback",
}
"""Where passwords, tokens, accounts and roles are made or changed."""
Answers = list[tuple[Route, Request, httpx.Response]]


def wanted(stage, some: list[Route]) -> list[tuple[Route, Request]]:
    """Return for each route a request it understands, and an empty one."""
    forms = Forms(API, stage.crew)
    return [
        (route, request)
        for route in some
        for request in (forms.plausible(route), forms.empty(route))
    ]


def everybody(stage) -> list[Visitor]:
    crew = stage.crew
    roles = (Role.AGENT, Role.SUPER_ADMIN)
    tokens = [crew.token(role, scope) for role in roles for scope in TokenScope]
    programs = [crew.program(scope) for scope in PROGRAM_SCOPES]
    return [*crew.nobody(), *crew.staff(), *tokens, *programs]


def ask_all(stage, who: Visitor, some: list[Route]) -> Answers:
    with httpx.Client(timeout=60) as client:
        return [
            (route, request, call(client, stage.url, who, route, request))
            for route, request in wanted(stage, some)
        ]


@pytest.fixture(scope="module")
def refused(stage) -> dict[str, Answers]:
    """What everybody was answered whom nothing may be answered, database unchanged."""
    cells = [
        (who, [route for route in ALL if not route.admits(who)])
        for who in everybody(stage)
    ]

    def all_of_them() -> dict[str, Answers]:
        with ThreadPoolExecutor(4) as pool:
            asked = [
                (w.name, pool.submit(ask_all, stage, w, some)) for w, some in cells
            ]
            return {name: answers.result() for name, answers in asked}

    return stage.untouched(all_of_them)


def test_every_route_says_who_may_call_it():
    assert len([route for route in ALL if route.policy in REFUSING]) > 40
    assert undeclared(ALL) == []


def test_every_documented_route_is_walked():
    walked = {route.name for route in ALL}
    paths = API.openapi()["paths"]

    assert {
        f"{m.upper()} {path}" for path, ways in paths.items() for m in ways
    } <= walked


def test_refused_requests_get_one_neutral_problem_and_change_no_row(refused):
    assert len(refused) > 10
    wrong = [
        f"{route.name} by {who}: {answer.status_code} {answer.text[:200]}"
        for who, answers in refused.items()
        for route, _, answer in answers
        if not is_neutral(answer)
    ]

    assert wrong == []
    for who, answers in refused.items():
        told = {(a.status_code, a.text) for _, _, a in answers}
        assert len(told) == len({status for status, _ in told}), who


def is_neutral(answer: httpx.Response) -> bool:
    """Whether an answer says that it is refused, and nothing else."""
    code = {401: "not_signed_in", 403: "not_allowed"}.get(answer.status_code)
    kind = answer.headers["content-type"]
    return kind == "application/problem+json" and answer.json().get("code") == code


def test_whoever_is_known_at_a_door_is_told_no_and_nobody_else(stage, refused):
    known = {who.name: who for who in everybody(stage)}
    for who, answers in refused.items():
        for route, _, answer in answers:
            status = 403 if is_known(known[who], route) else 401
            assert answer.status_code == status, (who, route.name)


def is_known(who: Visitor, route: Route) -> bool:
    """Whether a route learns who asks before it refuses."""
    if route.policy is RoutePolicy.PROGRAM:
        return who.is_program
    is_right_kind = who.scope is None or route.policy not in BROWSER_ONLY
    return bool(who.roles) and is_right_kind


def test_no_token_of_any_scope_is_let_in_where_credentials_are_made(stage, refused):
    doors = {route.name for route in ALL if route.policy in BROWSER_ONLY}
    assert doors >= CREDENTIALS
    for who in everybody(stage):
        if who.scope is not None:
            stopped = {route.name for route, *_ in refused[who.name]}
            assert doors <= stopped, who.name


def test_refused_routes_are_in_the_audit_trail(stage, refused):
    entries = evidence.refusals(stage.engine)

    for role in (Role.AGENT, Role.BOOKING_MANAGER, Role.MANAGER):
        name = stage.crew.people[role].name
        known = [it for it in refused[role] if it[0].policy is not RoutePolicy.PROGRAM]
        asked = {route.name[:LONGEST_NAME] for route, *_ in known}
        kept = {what for who, what in entries if who == name}
        assert {answer.status_code for *_, answer in known} == {403}
        assert kept <= asked, name
        assert len(kept) == min(len(asked), MOST + 1), name


@pytest.fixture(scope="module")
def admitted(stage, refused) -> dict[str, Answers]:
    """What everybody was answered who may ask, one after the other."""
    del refused  # what is admitted may change everything, so it comes after
    return {who.name: list(_admitted(stage, who)) for who in everybody(stage)}


def _admitted(stage, who: Visitor) -> Iterator[tuple[Route, Request, httpx.Response]]:
    with httpx.Client(timeout=60) as client:
        for route, request in wanted(stage, [it for it in ALL if it.admits(who)]):
            again = stage.crew.again(who)
            yield route, request, call(client, stage.url, again, route, request)


def test_nothing_ever_answers_with_a_failure_or_a_stack_trace(stage, refused, admitted):
    broken = [
        f"{route.name} by {who}: {answer.status_code} {request} {answer.text[:300]}"
        for part in (refused, admitted)
        for who, answers in part.items()
        for route, request, answer in answers
        if answer.status_code >= 500 or "Traceback" in answer.text
    ]

    assert broken == []
    assert "api.unhandled" not in stage.log()


def test_whoever_a_policy_admits_gets_past_the_door(admitted):
    stopped = [
        f"{route.name} by {who}: {answer.text[:200]}"
        for who, answers in admitted.items()
        for route, _, answer in answers
        if route.policy in REFUSING and answer.status_code == 401
    ]

    assert stopped == []


def test_administrators_can_use_every_route_of_theirs(admitted):
    closed = [
        f"{route.name} by {who}: {answer.text[:200]}"
        for who in ("administrator", "super-admin")
        for route, _, answer in admitted[who]
        if route.policy in {RoutePolicy.ADMIN, RoutePolicy.BROWSER_ADMIN}
        and answer.status_code == 403
        and not (who == "administrator" and SUPER_ADMINS in answer.text)
    ]

    assert closed == []


def test_no_answer_holds_what_its_reader_must_not_know(admitted):
    for who, answers in admitted.items():
        text = "".join(answer.text for _, _, answer in answers)
        assert SECRET not in text, who
        if who == "agent" or who.endswith("token of agent"):
            assert STRANGER not in text, who
            assert CUSTOMER in text, who
        if who not in {str(role) for role in Role} and "token of" not in who:
            assert STRANGER not in text, who
            assert CUSTOMER not in text, who
