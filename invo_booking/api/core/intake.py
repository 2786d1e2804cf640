"""Refuse requests whose bodies are too large."""

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from invo_booking.api.core.problem import too_large_response

MOST_BYTES = 64 * 1024
MOST_BYTES_OF_FILES = 4 * 1024 * 1024
"""Limit for uploads: twice the size allowed for pictures.

So most pictures that are too large still reach the route, which shows the error on the
page.
"""

_FILES = "/session/images/"
_MOST_DIGITS = 9


class BodyLimit:
    """ASGI middleware that answers 413 to bodies over 64 kB and uploads over 4 MB.

    The limit also applies to bodies that are sent without a ``Content-Length``.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with a ``receive`` that stops at the limit."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        most = MOST_BYTES_OF_FILES if scope["path"].startswith(_FILES) else MOST_BYTES
        if _content_length(scope) > most:
            await too_large_response()(scope, receive, send)
        else:
            await self._app(scope, _limit_receive(receive, most), send)


def _content_length(scope: Scope) -> int:
    text = Headers(scope=scope).get("content-length", "0")
    if len(text) > _MOST_DIGITS or not (text.isascii() and text.isdecimal()):
        return MOST_BYTES_OF_FILES + 1
    return int(text)


def _limit_receive(receive: Receive, most: int) -> Receive:
    total = 0

    async def receive_limited() -> Message:
        nonlocal total
        message = await receive()
        total += len(message.get("body", b""))
        if total > most:
            raise HTTPException(413)
        return message

    return receive_limited
