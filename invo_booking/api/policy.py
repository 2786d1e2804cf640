"""Who may call a route, and how we know who calls.

Every router is made by ``door``, which writes the policy on each of its routes; a
test walks all routes and fails on one without.
"""

from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.params import Depends as DependsParam
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers

from invo_booking import bootstrap
from invo_booking.api.address import caller_of, is_inside
from invo_booking.api.origin import SAFE_METHODS, is_own
from invo_booking.api.problem import CrossSiteError
from invo_booking.domain.cookie import KNOWN_BROWSER, cookie_name, value_in
from invo_booking.domain.errors import (
    InvalidInputError,
    NotAllowedError,
    NotFoundError,
    NotSignedInError,
)
from invo_booking.domain.roles import Actor
from invo_booking.usecases import refusals, sessions, tokens
from invo_booking.usecases.deps import Deps


class Policy(StrEnum):
    """Who may call a route."""

    PUBLIC = "public"
    """Anybody."""

    LINK = "customer"
    """Whoever holds the secret link of the appointment."""

    STAFF = "staff"
    """Somebody signed in; what their role allows is the use case's to decide."""

    ADMIN = "admin"
    """Somebody signed in who administers the institution."""

    BROWSER = "browser"
    """Somebody signed in who sits at the browser; no program in their name."""

    OPERATOR = "operator"
    """A machine on the operator's own network."""


async def current_deps(request: Request) -> Deps:
    """Return what use cases need, as this process was set up, for this caller."""
    parts = bootstrap.deps()
    return parts.called_by(caller_of(request.scope, parts.config))


CurrentDeps = Annotated[Deps, Depends(current_deps)]


async def caller_address(deps: CurrentDeps) -> str:
    """Return the address the request comes from."""
    return deps.caller.address


async def signed_in(request: Request, deps: CurrentDeps) -> Actor:
    """Return who is signed in, by bearer token or else by cookie.

    A bearer token is one a person made for a program; the token of a browser's session
    is none.

    Raises:
        NotSignedInError: If there is no live session, or the token is not in use.
        CrossSiteError: If the cookie was brought along by another site.
    """
    token = _bearer(request.headers)
    if not token:
        return await in_browser(request, deps)
    actor = await run_in_threadpool(tokens.actor_of, deps, token)
    if actor is None:
        raise NotSignedInError
    return actor


async def in_browser(request: Request, deps: CurrentDeps) -> Actor:
    """Return who is signed in by cookie; no program can do what needs this.

    A cookie travels by itself, so a change asked for with one must also come from one
    of our own pages.

    Raises:
        NotSignedInError: If there is no live session.
        CrossSiteError: If the cookie was brought along by another site.
    """
    token = session_of(request, deps)
    _refuse_other_sites(request, token, deps.config.origins)
    actor = await run_in_threadpool(sessions.actor_of, deps, token) if token else None
    if actor is None:
        raise NotSignedInError
    return actor


CurrentActor = Annotated[Actor, Depends(signed_in)]


async def administrators_only(
    actor: CurrentActor, request: Request, deps: CurrentDeps
) -> None:
    """Let nobody else in, and keep who tried; use cases refuse them as well.

    Raises:
        NotAllowedError: If the caller is no administrator.
    """
    if not actor.administers:
        wanted = f"{request.method} {request.scope['route'].path}"
        await run_in_threadpool(refusals.note, deps, actor, wanted)
        raise NotAllowedError


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


_CHECKS: dict[Policy, list[DependsParam]] = {
    Policy.PUBLIC: [],
    Policy.LINK: [],
    Policy.STAFF: [Depends(signed_in)],
    Policy.BROWSER: [Depends(in_browser)],
    Policy.ADMIN: [Depends(administrators_only)],
    Policy.OPERATOR: [Depends(operators_only)],
}


def door(policy: Policy, prefix: str = "") -> APIRouter:
    """Return a router all of whose routes obey and show ``policy``."""
    checks = [Depends(plain_query), *_CHECKS[policy]]
    return APIRouter(prefix=prefix, tags=[policy], dependencies=checks)


def session_of(request: Request, deps: Deps) -> str:
    """Return the token of the browser's session; empty for none."""
    header = request.headers.get("cookie", "")
    return value_in(header, cookie_name(deps.config.public_url))


def known_browser(request: Request) -> str:
    """Return by what the browser is known to whom it signed in; empty for nothing."""
    return value_in(request.headers.get("cookie", ""), KNOWN_BROWSER)


def _bearer(headers: Headers) -> str:
    scheme, _, token = headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def _refuse_other_sites(request: Request, token: str, origins: tuple[str, ...]) -> None:
    if request.method in SAFE_METHODS or not token:
        return
    if not is_own(request.headers, origins):
        raise CrossSiteError
