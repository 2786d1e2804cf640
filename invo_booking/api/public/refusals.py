"""Show refusals under customers' links as pages of the institution.

Routes and the layers around them refuse with problem documents, which only programs can
read. Programs have addresses of their own below ``/api``; links are opened by people.
"""

from collections.abc import Mapping

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from invo_booking.api.core.problem import MEDIA_TYPE
from invo_booking.api.public.facts import KnownFacts
from invo_booking.api.public.shell import PageShell
from invo_booking.texts import say

_LINKS = "/a/"
_MISSING, _FORBIDDEN, _TOO_MANY = 404, 403, 429
_KEPT = ("retry-after", "allow")
_SENTENCES: Mapping[int, tuple[str, str]] = {
    _FORBIDDEN: ("link_refused.heading", "link_refused.cross_site"),
    _TOO_MANY: ("link_refused.busy", "link_refused.wait"),
}
_OTHER = ("link_refused.heading", "link_refused.anything")


class RefusedLinks:
    """ASGI middleware that replaces problem documents under links by pages.

    Args:
        app: Answers.
        shell: The document around the pages.
        facts: The facts of the institution.
    """

    def __init__(self, app: ASGIApp, shell: PageShell, facts: KnownFacts) -> None:
        self._app = app
        self._shell = shell
        self._facts = facts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve, or say why not."""
        if scope["type"] != "http" or not scope["path"].startswith(_LINKS):
            await self._app(scope, receive, send)
            return
        refusals: list[Message] = []

        async def watch(message: Message) -> None:
            if refusals or _is_problem(message):
                refusals.append(message)
            else:
                await send(message)

        await self._app(scope, receive, watch)
        if refusals:
            answer = await self._page(scope["path"], refusals[0])
            await answer(scope, receive, send)

    async def _page(self, path: str, refusal: Message) -> Response:
        status, facts = refusal["status"], await self._facts.current()
        link = "/".join(path.split("/")[:3])
        if status == _MISSING:
            title = say("public.your_appointment")
            return self._shell.page("missing.html", facts, title=title, status=status)
        heading, lead = _SENTENCES.get(status, _OTHER)
        page = self._shell.page(
            "refused.html",
            facts,
            title=say(heading),
            status=status,
            address=link,
            heading=say(heading),
            lead=say(lead),
            back=link,
        )
        headers = Headers(raw=refusal["headers"])
        page.headers.update({name: headers[name] for name in _KEPT if name in headers})
        return page


def _is_problem(message: Message) -> bool:
    if message["type"] != "http.response.start":
        return False
    kind = Headers(raw=message["headers"]).get("content-type", "")
    return kind.startswith(MEDIA_TYPE)
