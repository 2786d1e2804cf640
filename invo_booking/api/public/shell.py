"""Write contents into the document that pages without their own file share.

Status pages and unknown URLs share one built document, which is blank until its scripts
run and the websocket answers. The server writes the contents of the page into a
separate element of the document, so people can read and use them before any script
runs, or without scripts. The live page removes this element as soon as the page can
show the same contents (``kit/browser.jsx``).
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
    LANGUAGE,
    html_language,
    in_language,
    own_language_name,
    page_language,
    page_languages,
    say,
    weave,
)

_BLANK = '<!DOCTYPE html><html lang="en"><head></head><body></body></html>'
"""The document to use before the first build."""

_SERVED = '<body><section id="served" class="public">'


@dataclass(frozen=True, slots=True)
class PageShell:
    """The HTML document around the contents of a page."""

    html: str = _BLANK

    @classmethod
    def read(cls, build: Path) -> Self:
        """Read the document of a build; use a blank one if there is no build."""
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
        """Return the document with the contents of a page.

        Args:
            template: File name of the template for the contents.
            facts: The facts about the institution, as far as they are known.
            title: Title of the page, without the institution's name.
            status: HTTP status.
            address: Path of the page in English, for links to other languages.
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
        spoken = html_language(page_language())
        html = self.html.replace(html_language(LANGUAGE), spoken, 1)
        html = html.replace("</head>", head, 1)
        html = html.replace("<body>", f"{_SERVED}{contents}</section>", 1)
        return HTMLResponse(html, status_code=status)


def title_with_institution(page: str, institution: str) -> str:
    """Return the title of a page, with the institution's name if it is known."""
    if not institution:
        return page
    return say("public.titled", page=page, institution=institution)


def woven(key: str, /, **parts: object) -> Markup:
    """Return a text as escaped HTML, with ``parts`` inserted in bold."""
    bold = {name: Markup("<b>{}</b>").format(part) for name, part in parts.items()}
    return Markup("").join(weave(key, **bold))


def linked_phone(facts: Facts, key: str) -> Markup:
    """Return a text as HTML in which the institution's phone number is a link."""
    link = Markup('<a href="{}">{}</a>')
    phone = link.format(facts.get("phone_url", ""), facts.get("phone", ""))
    return Markup("").join(weave(key, phone=phone))
