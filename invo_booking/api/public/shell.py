"""Fill the document in which pages without a file of their own are drawn.

Status pages and unknown addresses share one built document, which is blank until its
scripts run and the websocket answers. The server writes their contents into it, in an
element of its own: they can be read and used before any script, and without one. The
live page removes the element as soon as it can show the same (``kit/browser.jsx``).
"""

from dataclasses import dataclass
from functools import partial
from html import escape
from pathlib import Path
from typing import Self

from markupsafe import Markup
from starlette.responses import HTMLResponse

from invo_booking.api.core.content_policy import FALLBACK
from invo_booking.api.core.pages import page_text
from invo_booking.api.public.facts import Facts, head_of_facts, spoken_facts
from invo_booking.texts import (
    in_language,
    own_language_name,
    page_language,
    page_languages,
    say,
    weave,
)

_BLANK = '<!DOCTYPE html><html lang="en"><head></head><body></body></html>'
"""In place of the document before the first build."""

_SERVED = '<body><section id="served" class="public">'


@dataclass(frozen=True, slots=True)
class PageShell:
    """The document around the contents of a page."""

    html: str = _BLANK

    @classmethod
    def read(cls, build: Path) -> Self:
        """Read the document of a build; a blank one if there is none."""
        file = build / FALLBACK
        return cls(file.read_text(encoding="utf-8")) if file.exists() else cls()

    def page(
        self,
        template: str,
        facts: Facts,
        *,
        title: str,
        status: int = 200,
        address: str = "/",
        **values: object,
    ) -> HTMLResponse:
        """Return the document with contents in it.

        Args:
            template: Draws the contents.
            facts: What is known of the institution.
            title: Words of the title, in front of the institution's name.
            status: HTTP status.
            address: Address of the page in English, for the choice of a language.
            **values: Values of the template.
        """
        facts = spoken_facts(facts)
        words: dict[str, object] = {
            "say": say,
            "woven": woven,
            "linked_phone": partial(linked_phone, facts),
            "in_language": in_language,
            "language": page_language(),
            "own_language_name": own_language_name,
            "languages": page_languages(),
            "address_in": partial(in_language, address),
        }
        contents = page_text(template, site=facts, **words, **values)
        whole_title = title_with_institution(title, facts.get("name", ""))
        head = f"<title>{escape(whole_title)}</title>{head_of_facts(facts)}"
        spoken = f'<html lang="{page_language()}"'
        html = self.html.replace('<html lang="en"', spoken, 1)
        html = html.replace("</head>", head, 1)
        html = html.replace("<body>", f"{_SERVED}{contents}</section>", 1)
        return HTMLResponse(html, status_code=status)


def title_with_institution(page: str, institution: str) -> str:
    """Return the title of a page, with the institution's name if it is known."""
    if not institution:
        return page
    return say("public.titled", page=page, institution=institution)


def woven(key: str, /, **parts: object) -> Markup:
    """Return a text around parts in bold, all of it escaped."""
    bold = {name: Markup("<b>{}</b>").format(part) for name, part in parts.items()}
    return Markup("").join(weave(key, **bold))


def linked_phone(facts: Facts, key: str) -> Markup:
    """Return a text around the institution's telephone number, which can be pressed."""
    link = Markup('<a href="{}">{}</a>')
    phone = link.format(facts.get("phone_url", ""), facts.get("phone", ""))
    return Markup("").join(weave(key, phone=phone))
