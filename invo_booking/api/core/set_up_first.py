"""Serve a page that says that this site is not set up yet."""

from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from invo_booking import bootstrap
from invo_booking.api.core.origin import SAFE_METHODS
from invo_booking.api.core.pages import html_page
from invo_booking.config import Config
from invo_booking.run.commands import command_line

SECONDS = 5
"""Seconds after which the page reloads."""

_NO_PAGES = ("/_", "/ping")
"""Prefixes of the paths of Reflex's own routes."""


class SetUpFirst:
    """ASGI middleware that replaces all pages until there is an institution.

    Requests for files and for the websocket are passed on; the API's routes respond by
    themselves if there is no institution. An institution cannot be removed, so once
    there is one, this layer checks nothing.
    """

    def __init__(self, pages: ASGIApp, config: Config) -> None:
        self._pages = pages
        self._config = config
        self._is_set_up = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or show that this site is not set up yet."""
        if _is_page_request(scope) and not await self._may_serve():
            await set_up_response(self._config)(scope, receive, send)
        else:
            await self._pages(scope, receive, send)

    async def _may_serve(self) -> bool:
        if self._is_set_up:
            return True
        try:
            self._is_set_up = await run_in_threadpool(_has_institution)
        except SQLAlchemyError:  # no database: unknown, and the pages say so
            return True
        return self._is_set_up


def set_up_response(config: Config) -> Response:
    """Return the page, with status 503 and without caching."""
    answer = html_page(
        "not_set_up.html",
        command=command_line(config, "institution"),
        seconds=SECONDS,
    )
    answer.status_code = 503
    answer.headers["retry-after"] = str(SECONDS)
    answer.headers["cache-control"] = "no-store"
    return answer


def _has_institution() -> bool:
    with bootstrap.deps().unit_of_work() as work:
        return work.is_set_up


def _is_page_request(scope: Scope) -> bool:
    if scope["type"] != "http" or scope["method"] not in SAFE_METHODS:
        return False
    last = scope["path"].rpartition("/")[2]
    return "." not in last and not scope["path"].startswith(_NO_PAGES)
