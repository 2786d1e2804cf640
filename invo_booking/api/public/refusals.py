"""Show errors as pages to people, instead of as problem documents.

Routes and the layers around them answer errors with problem documents, which are for
programs. People get pages instead: for requests to customers' links, and for all
requests that accept HTML.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from invo_booking.api.core.pages import LINKS, is_read_by_a_person, refusal_page
from invo_booking.api.core.problem import MEDIA_TYPE
from invo_booking.api.public.facts import Facts, KnownFacts
from invo_booking.api.public.shell import PageShell
from invo_booking.texts import say

_MISSING, _FORBIDDEN, _TOO_MANY = 404, 403, 429
_KEPT = ("retry-after", "allow")
_SENTENCES: Mapping[int, tuple[str, str]] = {
    _FORBIDDEN: ("link_refused.heading", "link_refused.cross_site"),
    _TOO_MANY: ("link_refused.busy", "link_refused.wait"),
}
_OTHER = ("link_refused.heading", "link_refused.anything")


class RefusalPages:
    """ASGI middleware that replaces problem documents by pages for people.

    Args:
        app: The application that answers.
        shell: The HTML document around the pages at customers' links.
        facts: The facts about the institution.
    """

    def __init__(self, app: ASGIApp, shell: PageShell, facts: KnownFacts) -> None:
        self._app = app
        self._shell = shell
        self._facts = facts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; show a problem document as a page to a person."""
        if scope["type"] != "http" or not _is_for_a_person(scope):
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
            answer = await self._page(scope["path"], refusals)
            await answer(scope, receive, send)

    async def _page(self, path: str, refusals: Sequence[Message]) -> Response:
        refusal, facts = refusals[0], await self._facts.current()
        if path.startswith(LINKS):
            page = self._link_page(path, refusal["status"], facts)
        else:
            sentence, name = _sentence_of(refusals[1:]), facts.get("name", "")
            page = refusal_page(path, refusal["status"], sentence, name)
        headers = Headers(raw=refusal["headers"])
        page.headers.update({name: headers[name] for name in _KEPT if name in headers})
        return page

    def _link_page(self, path: str, status: int, facts: Facts) -> Response:
        link = "/".join(path.split("/")[:3])
        if status == _MISSING:
            title = say("public.your_appointment")
            return self._shell.page("missing.html", facts, title=title, status=status)
        heading, lead = _SENTENCES.get(status, _OTHER)
        return self._shell.page(
            "refused.html",
            facts,
            title=say(heading),
            status=status,
            address=link,
            heading=say(heading),
            lead=say(lead),
            back=link,
        )


def _is_for_a_person(scope: Scope) -> bool:
    return scope["path"].startswith(LINKS) or is_read_by_a_person(Headers(scope=scope))


def _sentence_of(body: Sequence[Message]) -> str:
    """Return all messages of a problem document, including those for fields."""
    document: dict[str, Any] = json.loads(b"".join(it["body"] for it in body))
    return " ".join([document["detail"], *document.get("errors", {}).values()])


def _is_problem(message: Message) -> bool:
    if message["type"] != "http.response.start":
        return False
    kind = Headers(raw=message["headers"]).get("content-type", "")
    return kind.startswith(MEDIA_TYPE)
