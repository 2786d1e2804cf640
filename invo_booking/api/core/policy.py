"""Who may call a route, and how we know who calls.

Every router is made by ``door``, which writes the policy on each of its routes; a
test walks all routes and fails on one without.
"""

from dataclasses import replace
from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.params import Depends as DependsParam
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers

from invo_booking import bootstrap
from invo_booking.api.core.address import caller_of, is_inside
from invo_booking.api.core.limiter import count_program
from invo_booking.api.core.origin import SAFE_METHODS, is_own
from invo_booking.api.core.problem import CrossSiteError
from invo_booking.domain.access.cookie import (
    KNOWN_BROWSER,
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
from invo_booking.usecases.accounts import programs, sessions, tokens
from invo_booking.usecases.shared import refusals
from invo_booking.usecases.shared.deps import Deps

BEYOND_SCOPE = "The scope of this token does not allow this."


class RoutePolicy(StrEnum):
    """Who may call a route."""

    PUBLIC = "public"
    """Anybody."""

    LINK = "customer"
    """The holder of the secret link of the appointment."""

    STAFF = "staff"
    """Somebody signed in; what their role allows is the use case's to decide."""

    ADMIN = "admin"
    """Somebody signed in who administers the institution."""

    BROWSER = "browser"
    """Somebody signed in who sits at the browser; no token acts for them here."""

    BROWSER_ADMIN = "browser-admin"
    """Somebody at the browser who administers, for whatever makes credentials."""

    PROGRAM = "program"
    """A program of the institution, by its own token."""

    OPERATOR = "operator"
    """A machine on the operator's own network."""


async def current_deps(request: Request) -> Deps:
    """Return what use cases need, as this process was set up, for this caller."""
    parts = bootstrap.deps()
    return parts.for_caller(caller_of(request.scope, parts.config))


CurrentDeps = Annotated[Deps, Depends(current_deps)]


async def caller_address(deps: CurrentDeps) -> str:
    """Return the address the request comes from."""
    return deps.caller.address


async def signed_in_actor(request: Request, deps: CurrentDeps) -> Actor:
    """Return who is signed in, by bearer token or else by cookie.

    A bearer token is one a person made; the token of a browser's session is none.

    Raises:
        NotSetUpError: If something was sent and there is no institution.
        NotSignedInError: If there is no live session, or the token is not in use.
        NotAllowedError: If the token's scope does not allow a change; it is noted.
        CrossSiteError: If the cookie was brought along by another site.
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
    """Return who is signed in by cookie; no token can do what needs this.

    A cookie travels by itself, so a change asked for with one must also come from one
    of our own pages.

    Raises:
        NotSetUpError: If a session or token was sent and there is no institution.
        NotSignedInError: If there is no live session; a token tried here is noted.
        CrossSiteError: If the cookie was brought along by another site.
    """
    token = session_of(request, deps)
    _refuse_other_sites(request, token, deps.config.origins)
    if not token:
        await _note_token(request, deps)
        raise NotSignedInError
    actor = await run_in_threadpool(sessions.actor_of_session, deps, token)
    if actor is None:
        await run_in_threadpool(sessions.require_institution, deps)
        raise NotSignedInError
    return actor


CurrentActor = Annotated[Actor, Depends(signed_in_actor)]


async def administrators_only(
    actor: CurrentActor, request: Request, deps: CurrentDeps
) -> None:
    """Let nobody else in, and keep who tried; use cases refuse them as well.

    Raises:
        NotAllowedError: If the caller is no administrator, or a token's scope is less.
    """
    await _require_scope(actor, TokenScope.ADMIN, request, deps)
    await _require_administrator(actor, request, deps)


BrowserActor = Annotated[Actor, Depends(browser_actor)]


async def administrators_in_browser(
    actor: BrowserActor, request: Request, deps: CurrentDeps
) -> None:
    """Let only administrators at a browser in, and keep who tried.

    Raises:
        NotAllowedError: If the caller is no administrator.
    """
    await _require_administrator(actor, request, deps)


async def program_of_request(request: Request, deps: CurrentDeps) -> Program | None:
    """Return the program whose token was sent, and count its request, at any route.

    Asked once for each request; a token of no program in use, or none, costs nothing.

    Raises:
        TooManyRequestsError: If the token was used too often within the minute.
    """
    token = _bearer(request.headers)
    if not token.startswith(programs.PREFIX):
        return None
    program = await run_in_threadpool(programs.program_of_token, deps, token)
    if program is not None:
        await run_in_threadpool(count_program, request.app.state.counter, program)
    return program


SentProgram = Annotated[Program | None, Depends(program_of_request)]


async def require_program(
    request: Request, deps: CurrentDeps, program: SentProgram
) -> Program:
    """Return the program whose token was sent.

    Raises:
        NotSetUpError: If a token was sent and there is no institution.
        NotSignedInError: If no token of a program in use was sent.
        NotAllowedError: If its scope does not allow a change; it is noted.
        TooManyRequestsError: If the token was used too often within the minute.
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
    """Return the program whose token was sent; ``None`` without any token.

    Raises:
        As ``identified_program``.
    """
    if not _bearer(request.headers):
        return None
    return await require_program(request, deps, program)


async def deps_of_program(deps: CurrentDeps, program: CurrentProgram) -> Deps:
    """Return what use cases need, on behalf of a program."""
    return deps.for_caller(replace(deps.caller, program=program))


ProgramIfAny = Annotated[Program | None, Depends(program_if_any)]
ProgramDeps = Annotated[Deps, Depends(deps_of_program)]


async def _require_administrator(actor: Actor, request: Request, deps: Deps) -> None:
    if not actor.administers:
        await _note_refusal(actor, request, deps)
        raise NotAllowedError


async def _require_scope(
    who: Actor | Program, needed: TokenScope, request: Request, deps: Deps
) -> None:
    if who.scope is not None and not who.scope.includes(needed):
        await _note_refusal(who, request, deps)
        raise NotAllowedError(BEYOND_SCOPE)


async def _note_token(request: Request, deps: Deps) -> None:
    """Keep whose token was tried where none is let in."""
    sent = _bearer(request.headers)
    if not sent:
        return
    if owner := await run_in_threadpool(tokens.actor_of_api_token, deps, sent):
        await _note_refusal(owner, request, deps)
    else:
        await run_in_threadpool(sessions.require_institution, deps)


async def _note_refusal(who: Actor | Program, request: Request, deps: Deps) -> None:
    wanted = f"{request.method} {request.scope['route'].path}"
    await run_in_threadpool(refusals.record_refusal, deps, who, wanted)


async def operators_only(request: Request, deps: CurrentDeps) -> None:
    """Hide the route from everybody outside the operator's network.

    Raises:
        NotFoundError: If the caller is outside.
    """
    if not is_inside(request.scope, deps.config.trusted_proxy_hops):
        raise NotFoundError


async def plain_query(request: Request) -> None:
    """Refuse a parameter that is given twice: two readers would pick differently.

    Raises:
        InvalidInputError: Naming the whole request.
    """
    keys = [key for key, _ in request.query_params.multi_items()]
    if len(keys) != len(set(keys)):
        raise InvalidInputError({"request": "Give each parameter once."})


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


def door(policy: RoutePolicy, prefix: str = "") -> APIRouter:
    """Return a router all of whose routes obey and show ``policy``."""
    checks = [Depends(plain_query), Depends(program_of_request), *_CHECKS[policy]]
    return APIRouter(prefix=prefix, tags=[policy], dependencies=checks)


def session_of(request: Request, deps: Deps) -> str:
    """Return the token of the browser's session; empty for none."""
    header = request.headers.get("cookie", "")
    return session_cookie_value(header, cookie_name(deps.config.public_url))


def known_browser(request: Request) -> str:
    """Return by what the browser is known to whom it signed in; empty for nothing."""
    return session_cookie_value(request.headers.get("cookie", ""), KNOWN_BROWSER)


def _bearer(headers: Headers) -> str:
    scheme, _, token = headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def _needed_scope(request: Request) -> TokenScope:
    return TokenScope.READ if request.method in SAFE_METHODS else TokenScope.WRITE


def _refuse_other_sites(request: Request, token: str, origins: tuple[str, ...]) -> None:
    if request.method in SAFE_METHODS or not token:
        return
    if not is_own(request.headers, origins):
        raise CrossSiteError
