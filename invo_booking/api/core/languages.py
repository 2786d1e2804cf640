"""Answer in the language of the address: ``/es/a/...`` is ``/a/...`` in Spanish."""

from starlette.types import ASGIApp, Receive, Scope, Send

from invo_booking.texts import speak, split_language

_LINKS = "/a/"
"""Addresses that the server answers itself, the same in each language."""


class PageLanguages:
    """ASGI middleware that sets the language of what is said in an answer.

    Pages are built once for each language, so their addresses stay as they are. Those
    of customers' links are looked up without their language.

    Args:
        app: Answers.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve in the language of the address."""
        if scope["type"] == "http":
            language, bare = split_language(scope["path"])
            speak(language)
            if bare.startswith(_LINKS):
                scope = {**scope, "path": bare, "raw_path": bare.encode()}
        await self._app(scope, receive, send)
