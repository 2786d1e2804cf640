"""Render plain pages: nothing from third parties, no inline scripts, escaped text."""

import re
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.datastructures import Headers
from starlette.responses import HTMLResponse

from invo_booking.texts import in_language, page_language, say, text_direction, weave

POLICY = (
    "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "frame-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_OUR_SCRIPTS = "; script-src 'self'; connect-src 'self'"
LINKS = "/a/"
"""Prefix of the paths of customers' links."""

_STAFF = ("/session/", "/api/v1/staff/", "/api/v1/admin/")
_TEMPLATES = Path(__file__).parent / "templates"


def html_page(
    template: str, *, scripted: bool = False, **values: object
) -> HTMLResponse:
    """Return a page from a template.

    Args:
        template: File name of the template.
        scripted: Whether the page may load our own script files.
        values: Values of the template.
    """
    policy = POLICY + _OUR_SCRIPTS if scripted else POLICY
    headers = {"content-security-policy": policy}
    return HTMLResponse(page_text(template, **values), headers=headers)


def is_read_by_a_person(headers: Headers) -> bool:
    """Whether the request accepts HTML, so that a browser can show the response."""
    return "text/html" in headers.get("accept", "")


def refusal_page(
    path: str, status: int, sentence: str, institution: str = ""
) -> HTMLResponse:
    """Return a page that says what went wrong, with a link to continue.

    Args:
        path: Path of the request, which decides where the link leads.
        status: HTTP status.
        sentence: What went wrong.
        institution: Name of the institution; empty if it is not known.
    """
    back, label = _way_on(path)
    page = html_page(
        "trouble.html",
        institution=institution,
        title=say("kit.trouble.heading"),
        sentence=sentence,
        back=back,
        label=say(label),
    )
    page.status_code = status
    page.headers["cache-control"] = "no-store"
    return page


def _way_on(path: str) -> tuple[str, str]:
    if path.startswith(LINKS):
        return "?", "kit.trouble.again"
    if path.startswith(_STAFF):
        return "/bookings", "browser.failed.to_calendar"
    return "/", "public.back_to_start"


def page_text(template: str, **values: object) -> str:
    """Return the HTML of a template in the language of the request."""
    language = page_language()
    spoken = {
        "language": language,
        "direction": text_direction(language),
        "home": in_language("/"),
    }
    words = {**spoken, "skip": say("public.skip"), **values}
    return _environment().get_template(template).render(words)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["code"] = _script
    environment.globals.update(say=say, titled=page_title, woven=woven)
    return environment


def woven(key: str, /, **parts: str) -> Markup:
    """Return a text with ``parts`` inserted; all but ``Markup`` is escaped."""
    return Markup("").join(weave(key, **parts))


def page_title(heading: str, institution: str, problem: object = "") -> str:
    """Return the title of a page, marked as an error if there is a problem."""
    title = f"{heading} - {institution}"
    return say("forms.account.error", title=title) if problem else title


def _script(text: str) -> Markup:
    """Return a text as HTML, escaped, with text between backticks as code."""
    safe = str(escape(text))  # as a Markup, it would escape the tags inserted below
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", safe))  # noqa: S704
