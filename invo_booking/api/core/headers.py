"""Add security headers, and refuse requests that other sites' pages send."""

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from invo_booking.api.core.content_policy import ContentPolicies
from invo_booking.api.core.origin import SAFE_METHODS, is_foreign_origin
from invo_booking.api.core.problem import CrossSiteError, refusal_response
from invo_booking.api.robots import INDEXED
from invo_booking.config import Config
from invo_booking.domain.access.cookie import RELAY
from invo_booking.usecases.calendars.registration import FIELDS

_ALWAYS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), "
    "usb=(), display-capture=(), browsing-topics=()",
}
_HSTS = {"strict-transport-security": "max-age=31536000"}
_SECRET = "/a/"  # noqa: S105  # where status pages live; their address is a secret
_NEVER_KEPT = (
    "/api/",
    "/session/",
    "/demo/",
    RELAY,
    _SECRET,
    "/readyz",
    "/metrics",
    *(fields.path for fields in FIELDS.values()),
)
_DATA = ("/api/", "/session/", RELAY)
_NO_PAGE = "default-src 'none'; base-uri 'none'; frame-ancestors 'none'"
_HASHED = "/assets/"  # file names change with their content
_KEPT_FOR_GOOD = "public, max-age=31536000, immutable"
_START = frozenset({"http.response.start", "websocket.http.response.start"})
_NOT_FOR_ROBOTS = "noindex, nofollow"
_FINE = 200
_POLICY_VIOLATION = 1008


class SecurityHeaders:
    """ASGI middleware that adds security headers to every response.

    If a route has set its own Content-Security-Policy, Referrer-Policy or
    Cache-Control, that header stays. CORS headers, with which other sites' scripts
    could read the response, are removed.
    """

    def __init__(self, app: ASGIApp, config: Config, pages: ContentPolicies) -> None:
        self._app = app
        self._pages = pages
        secure = config.public_url.startswith("https:")
        self._always = _ALWAYS | (_HSTS if secure else {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and add headers to the response."""
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] in _START:
                self._protect(message, scope["path"])
            await send(message)

        await self._app(scope, receive, with_headers)

    def _protect(self, message: Message, path: str) -> None:
        _close_to_other_sites(message)
        headers = MutableHeaders(scope=message)
        headers.update(self._always)
        if not _may_be_indexed(path):
            headers["x-robots-tag"] = _NOT_FOR_ROBOTS
        headers.setdefault("content-security-policy", self._content_policy(path))
        headers.setdefault("referrer-policy", _referrer_policy(path))
        headers.setdefault("cache-control", _cache_control(path, message["status"]))

    def _content_policy(self, path: str) -> str:
        return _NO_PAGE if path.startswith(_DATA) else self._pages.of(path)


class OwnOriginsOnly:
    """ASGI middleware that refuses changes and websockets from other sites' pages.

    Programs that are not browsers send no ``Origin``. They are allowed, because other
    sites cannot make them send a user's cookie.
    """

    def __init__(self, app: ASGIApp, config: Config) -> None:
        self._app = app
        self._origins = config.origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it with 403."""
        if not self._is_refused(scope):
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": _POLICY_VIOLATION})
        else:
            await refusal_response(CrossSiteError())(scope, receive, send)

    def _is_refused(self, scope: Scope) -> bool:
        if scope["type"] == "lifespan":
            return False
        if scope["type"] == "http" and scope["method"] in SAFE_METHODS:
            return False
        return is_foreign_origin(Headers(scope=scope), self._origins)


def _close_to_other_sites(message: Message) -> None:
    """Remove CORS headers, with which other sites' scripts could read a response."""
    message["headers"] = [
        (name, value)
        for name, value in message["headers"]
        if not name.lower().startswith(b"access-control-")
    ]


def _may_be_indexed(path: str) -> bool:
    """Whether search engines may index this path.

    True only for public pages and their files.
    """
    plain = path.rstrip("/") or "/"
    return plain in INDEXED or (
        "." in plain.rpartition("/")[2] and not plain.startswith(_NEVER_KEPT)
    )


def _referrer_policy(path: str) -> str:
    """Return the Referrer-Policy for a path; other servers never get a referrer.

    Most pages send the referrer to our own server. With ``no-referrer``, browsers would
    send their forms with ``Origin: null`` (Fetch standard, "append a request Origin
    header").
    """
    return "no-referrer" if path.startswith(_NEVER_KEPT) else "same-origin"


def _cache_control(path: str, status: int) -> str:
    if path.startswith(_NEVER_KEPT):
        return "no-store"
    if path.startswith(_HASHED) and status == _FINE:
        return _KEPT_FOR_GOOD
    return "no-cache"
