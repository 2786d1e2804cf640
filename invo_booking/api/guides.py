"""Show the guides for administrators and their IT as plain pages.

The people who set up an institution's calendar server often have no account here, so
everyone may read the guides. They contain nothing about the institution.
"""

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path as File
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Path
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup
from starlette.responses import FileResponse, HTMLResponse

from invo_booking.api.core.pages import html_page
from invo_booking.api.core.policy import RoutePolicy, policy_router
from invo_booking.config import PROJECT
from invo_booking.domain.errors import NotFoundError
from invo_booking.usecases.calendars.registration import FIELDS, SERVER_FIELDS

PREFIX = "/api/v1/guides"
GUIDES = (*FIELDS, *SERVER_FIELDS)
"""The guides that are shown: ``docs/<name>.md``, with pictures named after them."""

_FOLDER = PROJECT / "docs"
_PICTURE = re.compile(rf"pictures/((?:{'|'.join(GUIDES)})-[a-z0-9-]+\.png)")

router = policy_router(RoutePolicy.PUBLIC, PREFIX)


@router.get("/{name}", include_in_schema=False)
def show_guide(name: Annotated[str, Path(max_length=40)]) -> HTMLResponse:
    """Show a guide, in English.

    Raises:
        NotFoundError: If there is no such guide.
    """
    if name not in GUIDES:
        raise NotFoundError
    title, body = _guide(_FOLDER / f"{name}.md")
    return html_page("guide.html", language="en", title=title, body=Markup(body))  # noqa: S704 - our own text


@router.get("/pictures/{name}", include_in_schema=False)
def show_picture(name: Annotated[str, Path(max_length=80)]) -> FileResponse:
    """Send a picture that is used in a guide.

    Raises:
        NotFoundError: If there is no such picture.
    """
    path = _FOLDER / "pictures" / name
    if not _PICTURE.fullmatch(f"pictures/{name}") or not path.is_file():
        raise NotFoundError
    return FileResponse(path, headers={"cache-control": "max-age=3600"})


@cache
def _guide(file: File) -> tuple[str, str]:
    """Return the title of a guide, and its content as HTML."""
    reader = MarkdownIt("commonmark", {"html": True}).enable("table")
    tokens = reader.parse(file.read_text(encoding="utf-8"))
    _adapt(tokens)
    html = reader.renderer.render(tokens, reader.options, {})
    title = next(it.content for it in tokens if it.type == "inline")
    shown = _PICTURE.sub(rf"{PREFIX}/pictures/\1", html)
    tables = shown.replace("<table>", '<div class="scroll"><table>')
    return title, tables.replace("</table>", "</table></div>")


def _adapt(tokens: Sequence[Token]) -> None:
    """Let links lead to other guides, and drop links to pages that are not shown."""
    for token in tokens:
        if token.type == "link_open":
            address = _address(str(token.attrs.pop("href")))
            token.attrs |= {"href": address} if address else {}
        _adapt(token.children or ())


def _address(link: str) -> str:
    """Return the URL for a link of a guide; empty if the link's target is not shown."""
    if link.startswith("https://"):
        return link
    name = urlsplit(link).path.removesuffix(".md")
    return f"{PREFIX}/{name}" if name in GUIDES else ""
