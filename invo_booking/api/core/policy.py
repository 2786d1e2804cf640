"""Authenticate callers and apply the policies of routes.

Every router is created by ``policy_router``, which sets the policy of its routes; a
test fails for a route without a policy.
"""

from dataclasses import replace
from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.params import Depends as DependsParam
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers

from invo_booking import bootstrap
from invo_booking.api.core.address import caller_of, is_inside_networks
from invo_booking.api.core.limiter import count_program_request
from invo_booking.api.core.origin import SAFE_METHODS, is_own_origin
from invo_booking.api.core.problem import CrossSiteError
from invo_booking.domain.access.cookie import (
    KNOWN_BROWSER,
    RELAY,
    cookie_name,
    session_cookie_value,
)
from invo_booking.domain.access.roles import Actor
from invo_booking.domain.access.scopes import Program, TokenScope
from invo_booking.domain.errors import (
    InvalidInputError,
    NotAllowedError,
    NotFoundError,
    NotSignedInError,
)
from invo_booking.texts import say
from invo_booking.usecases.accounts import programs, sessions, tokens
from invo_booking.usecases.shared import refusals
from invo_booking.usecases.shared.deps import Deps

BEYOND_SCOPE = "api.policy.scope"


class RoutePolicy(StrEnum):
    """The callers allowed on a route."""

    PUBLIC = "public"
    """Everyone."""

    LINK = "customer"
    """The holder of the secret link of an appointment."""

    STAFF = "staff"
    """A signed-in person; use cases check the role."""

    ADMIN = "admin"
    """A signed-in administrator."""

    BROWSER = "browser"
    """A person signed in at a browser; tokens are refused."""

    BROWSER_ADMIN = "browser-admin"
    """An administrator signed in at a browser, for routes that create credentials."""

    PROGRAM = "program"
    """A program of the institution, with its own token."""

    OPERATOR = "operator"
    """A client in the operator's own network."""


async def current_deps(request: Request) -> Deps:
    """Return the dependencies of use cases, on behalf of the caller."""
    parts = bootstrap.deps()
    return parts.for_caller(caller_of(request.scope, parts.config))


CurrentDeps = Annotated[Deps, Depends(current_deps)]


async def caller_address(deps: CurrentDeps) -> str:
    """Return the client's IP address."""
    return deps.caller.address


async def signed_in_actor(request: Request, deps: CurrentDeps) -> Actor:
    """Return the signed-in person, by bearer token or cookie.

    As a bearer token, only a person's API token is accepted, never a session token.

    Raises:
        NotSetUpError: If a credential was sent and there is no institution yet.
        NotSignedInError: If there is no valid session or token.
        NotAllowedError: If the token's scope is not sufficient; the refusal is
            recorded.
        CrossSiteError: If another site made the browser send the cookie.
    """
    token = _bearer(request.headers)
    if not token:
        return await browser_actor(request, deps)
    actor = await run_in_threadpool(tokens.actor_of_api_token, deps, token)
    if actor is None:
        await run_in_threadpool(sessions.require_institution, deps)
        raise NotSignedInError
    await _require_scope(actor, _needed_scope(request), request, deps)
    return actor


async def browser_actor(request: Request, deps: CurrentDeps) -> Actor:
    """Return the person signed in by cookie; tokens are refused.

    Browsers send cookies automatically, so a change with a cookie must come from one of
    our own pages.

    Raises:
        NotSetUpError: If a credential was sent and there is no institution yet.
        NotSignedInError: If there is no valid session. If a valid token was sent
            instead, the refusal is recorded.
        CrossSiteError: If another site made the browser send the cookie.
    """
    token = session_of_request(request, deps)
    _refuse_other_sites(request, token, deps.config.origins)
    if not token:
        await _note_token(request, deps)
        raise NotSignedInError
    actor = await run_in_threadpool(
        sessions.actor_of_session, deps, token, touch=_is_action(request)
    )
    if actor is None:
        await run_in_threadpool(sessions.require_institution, deps)
        raise NotSignedInError
    return actor


def _is_action(request: Request) -> bool:
    """Whether a person caused a request.

    Pages read personal calendars without any action of the person.
    """
    return request.method != "GET" or not request.url.path.startswith(RELAY)


CurrentActor = Annotated[Actor, Depends(signed_in_actor)]


async def administrators_only(
    actor: CurrentActor, request: Request, deps: CurrentDeps
) -> None:
    """Refuse callers who are not administrators, and record the refusal.

    Use cases check the role too.

    Raises:
        NotAllowedError: If the caller is not an administrator, or the token's scope is
            not sufficient.
    """
    await _require_scope(actor, TokenScope.ADMIN, request, deps)
    await _require_administrator(actor, request, deps)


BrowserActor = Annotated[Actor, Depends(browser_actor)]


async def administrators_in_browser(
    actor: BrowserActor, request: Request, deps: CurrentDeps
) -> None:
    """Refuse callers who are not administrators at a browser; record the refusal.

    Raises:
        NotAllowedError: If the caller is not an administrator.
    """
    await _require_administrator(actor, request, deps)


async def program_of_request(request: Request, deps: CurrentDeps) -> Program | None:
    """Return the program whose token was sent, and count its request.

    Runs once for each request, whatever the route. ``None`` for other tokens, unknown
    tokens, and requests without a token; these are not counted.

    Raises:
        TooManyRequestsError: If the token was used too often in this minute.
    """
    token = _bearer(request.headers)
    if not token.startswith(programs.PREFIX):
        return None
    program = await run_in_threadpool(programs.program_of_token, deps, token)
    if program is not None:
        await run_in_threadpool(
            count_program_request, request.app.state.counter, program
        )
    return program


SentProgram = Annotated[Program | None, Depends(program_of_request)]


async def require_program(
    request: Request, deps: CurrentDeps, program: SentProgram
) -> Program:
    """Return the program whose token was sent.

    Raises:
        NotSetUpError: If a token was sent and there is no institution yet.
        NotSignedInError: If no valid token of a program was sent.
        NotAllowedError: If the token's scope does not allow a change; the refusal is
            recorded.
        TooManyRequestsError: If the token was used too often in this minute.
    """
    if program is None and _bearer(request.headers):
        await run_in_threadpool(sessions.require_institution, deps)
    if program is None:
        raise NotSignedInError
    await _require_scope(program, _needed_scope(request), request, deps)
    return program


CurrentProgram = Annotated[Program, Depends(require_program)]


async def program_if_any(
    request: Request, deps: CurrentDeps, program: SentProgram
) -> Program | None:
    """Return the program whose token was sent; ``None`` if no token was sent.

    Raises:
        As for ``require_program``.
    """
    if not _bearer(request.headers):
        return None
    return await require_program(request, deps, program)


async def deps_for_program_request(deps: CurrentDeps, program: CurrentProgram) -> Deps:
    """Return the dependencies of use cases, on behalf of a program."""
    return deps.for_caller(replace(deps.caller, program=program))


ProgramIfAny = Annotated[Program | None, Depends(program_if_any)]
ProgramDeps = Annotated[Deps, Depends(deps_for_program_request)]


async def _require_administrator(actor: Actor, request: Request, deps: Deps) -> None:
    if not actor.administers:
        await _note_refusal(actor, request, deps)
        raise NotAllowedError


async def _require_scope(
    who: Actor | Program, needed: TokenScope, request: Request, deps: Deps
) -> None:
    if who.scope is not None and not who.scope.includes(needed):
        await _note_refusal(who, request, deps)
        raise NotAllowedError(say(BEYOND_SCOPE))


async def _note_token(request: Request, deps: Deps) -> None:
    """Record that a person's token was sent to a route that refuses tokens."""
    sent = _bearer(request.headers)
    if not sent:
        return
    if owner := await run_in_threadpool(tokens.actor_of_api_token, deps, sent):
        await _note_refusal(owner, request, deps)
    else:
        await run_in_threadpool(sessions.require_institution, deps)


async def _note_refusal(who: Actor | Program, request: Request, deps: Deps) -> None:
    route = f"{request.method} {request.scope['route'].path}"
    await run_in_threadpool(refusals.record_refusal, deps, who, route)


async def operators_only(request: Request, deps: CurrentDeps) -> None:
    """Hide a route from clients outside the operator's network.

    Raises:
        NotFoundError: If the client is outside.
    """
    if not is_inside_networks(request.scope, deps.config.trusted_proxy_hops):
        raise NotFoundError


async def require_plain_query(request: Request) -> None:
    """Refuse repeated query parameters, which parsers interpret differently.

    Raises:
        InvalidInputError: For the request as a whole, if a parameter is repeated.
    """
    keys = [key for key, _ in request.query_params.multi_items()]
    if len(keys) != len(set(keys)):
        raise InvalidInputError({"request": say("api.policy.repeated_parameter")})


_CHECKS: dict[RoutePolicy, list[DependsParam]] = {
    RoutePolicy.PUBLIC: [],
    RoutePolicy.LINK: [],
    RoutePolicy.STAFF: [Depends(signed_in_actor)],
    RoutePolicy.BROWSER: [Depends(browser_actor)],
    RoutePolicy.BROWSER_ADMIN: [Depends(administrators_in_browser)],
    RoutePolicy.ADMIN: [Depends(administrators_only)],
    RoutePolicy.PROGRAM: [Depends(require_program)],
    RoutePolicy.OPERATOR: [Depends(operators_only)],
}


def policy_router(policy: RoutePolicy, prefix: str = "") -> APIRouter:
    """Return a router that enforces and documents this policy for all its routes."""
    checks = [
        Depends(require_plain_query),
        Depends(program_of_request),
        *_CHECKS[policy],
    ]
    return APIRouter(prefix=prefix, tags=[policy], dependencies=checks)


def session_of_request(request: Request, deps: Deps) -> str:
    """Return the token of the browser's session; empty if there is none."""
    header = request.headers.get("cookie", "")
    return session_cookie_value(header, cookie_name(deps.config.public_url))


def known_browser_of_request(request: Request) -> str:
    """Return the value of the known-browser cookie; empty if there is none."""
    return session_cookie_value(request.headers.get("cookie", ""), KNOWN_BROWSER)


def _bearer(headers: Headers) -> str:
    scheme, _, token = headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def _needed_scope(request: Request) -> TokenScope:
    return TokenScope.READ if request.method in SAFE_METHODS else TokenScope.WRITE


def _refuse_other_sites(request: Request, token: str, origins: tuple[str, ...]) -> None:
    if request.method in SAFE_METHODS or not token:
        return
    if not is_own_origin(request.headers, origins):
        raise CrossSiteError
