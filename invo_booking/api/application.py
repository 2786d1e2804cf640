"""Assemble the HTTP API and dispatch requests to it."""

import re
from functools import cache

from anyio.to_thread import current_default_thread_limiter
from fastapi import APIRouter, FastAPI
from starlette.middleware import Middleware
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from invo_booking.api import demo, google, guides, health, images, outlook, robots
from invo_booking.api.accounts import forms, profile, program_forms, session
from invo_booking.api.admin import (
    audit,
    branches,
    calendars,
    catalogue,
    mail,
    people,
    program_accounts,
    settings,
)
from invo_booking.api.core.intake import BodyLimit
from invo_booking.api.core.limiter import Counter, RateLimits, shared_counter
from invo_booking.api.core.problem import CatchAll, explain_errors
from invo_booking.api.openapi import docs
from invo_booking.api.openapi.description import describe_api
from invo_booking.api.personal import relay
from invo_booking.api.public import booking, customer, programs, rooms, status
from invo_booking.api.public.shell import PageShell
from invo_booking.api.staff import appointments, host_conflicts
from invo_booking.api.staff import rooms as staff_rooms
from invo_booking.config import Config
from invo_booking.domain.access.cookie import RELAY, cookie_name
from invo_booking.usecases.calendars.registration import FIELDS

THREADS = 12
"""Number of threads per process that run use cases for routes.

Each thread uses one connection of the database pool; the other connections are for the
pages.
"""

ROUTERS = (
    booking.router,
    customer.router,
    status.router,
    rooms.router,
    staff_rooms.router,
    programs.router,
    appointments.router,
    session.router,
    forms.router,
    profile.router,
    health.router,
    docs.router,
    guides.router,
    robots.router,
    settings.router,
    branches.router,
    catalogue.router,
    people.router,
    program_accounts.router,
    program_forms.router,
    audit.router,
    mail.router,
    calendars.router,
    host_conflicts.router,
    relay.router,
    outlook.router,
    google.router,
    people.accounts,
    calendars.credentials,
    profile.own_tokens,
    health.operators,
    forms.shown,
    outlook.anybody,
    images.shown,
    images.router,
)
"""All routers except the demo's; if two routes match a request, the first one
answers."""

_OURS = ("/api/", "/session/", "/images/", RELAY)
_OURS_EXACTLY = frozenset(
    {
        "/healthz",
        "/readyz",
        "/metrics",
        outlook.CONSENTED,
        *(fields.path for fields in FIELDS.values()),
        "/robots.txt",
        "/sitemap.xml",
    }
)
_LINK = re.compile(r"/a/[^/]+(/|/limit|/room)?")
"""Paths of the pages at customers' links, which the API serves."""


def create_api(config: Config, shell: PageShell | None = None) -> FastAPI:
    """Return the API; only in a demo, it includes the demo's mailbox and room.

    Args:
        config: The configuration.
        shell: The HTML document around status pages; a blank one if missing.
    """
    count = shared_counter(config) if config.rate_limits else None
    app = FastAPI(
        title="Invo Booking",
        version="1",
        description=docs.INTRODUCTION,
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        middleware=_middleware(config, count),
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )
    app.state.counter = count
    app.state.shell = shell or PageShell()
    explain_errors(app)
    app.router.routes.extend(_shared_routes())
    if config.demo:
        app.include_router(demo.router)
    describe_api(app, cookie_name(config.public_url))
    return app


@cache
def _shared_routes() -> list[BaseRoute]:
    """Return the routes of all routers, which the APIs of a process share.

    FastAPI prepares 135 routes at the first request, which takes 0.07 s of processor
    time. Without the cache, each API that a test creates would take that time again.
    """
    together = APIRouter()
    for router in ROUTERS:
        together.include_router(router)
    return together.routes


class ApiDispatcher:
    """ASGI middleware that sends requests to the API or, by default, to the pages.

    The pages are not mounted inside the API. Otherwise, API requests with a wrong
    method would get "not found" from the pages, and Reflex would add its CORS rules to
    the API.
    """

    def __init__(
        self, pages: ASGIApp, config: Config, shell: PageShell | None = None
    ) -> None:
        self._pages = pages
        self._api = create_api(config, shell)
        self._ours = (*_OURS, "/demo/") if config.demo else _OURS
        self._threads_set = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request to the API or the pages, depending on its path."""
        if scope["type"] != "http" or not self._is_ours(scope["path"]):
            await self._pages(scope, receive, send)
            return
        if not self._threads_set:
            current_default_thread_limiter().total_tokens = THREADS
            self._threads_set = True
        await self._api(scope, receive, send)

    def _is_ours(self, path: str) -> bool:
        is_listed = path.startswith(self._ours) or path in _OURS_EXACTLY
        return is_listed or bool(_LINK.fullmatch(path))


def _middleware(config: Config, count: Counter | None) -> list[Middleware]:
    limits = [Middleware(RateLimits, config=config, count=count)] if count else []
    return [
        Middleware(CatchAll),
        *limits,
        Middleware(BodyLimit),
        Middleware(outlook.ConsentReturn),
    ]
