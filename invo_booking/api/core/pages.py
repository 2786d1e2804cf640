"""Render plain pages: no third party, no inline script, escaped text."""

import re
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.datastructures import Headers
from starlette.responses import HTMLResponse

from invo_booking.texts import in_language, page_language, say, weave

POLICY = (
    "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "frame-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_OUR_SCRIPTS = "; script-src 'self'; connect-src 'self'"
LINKS = "/a/"
"""Prefix of the addresses of customers' links."""

_STAFF = ("/session/", "/api/v1/staff/", "/api/v1/admin/")
_TEMPLATES = Path(__file__).parent / "templates"


def html_page(
    template: str, *, scripted: bool = False, **values: object
) -> HTMLResponse:
    """Return a page from a template; ``scripted`` ones load script files."""
    policy = POLICY + _OUR_SCRIPTS if scripted else POLICY
    headers = {"content-security-policy": policy}
    return HTMLResponse(page_text(template, **values), headers=headers)


def is_read_by_a_person(headers: Headers) -> bool:
    """Whether a browser shows the answer, as it does of forms, links and downloads."""
    return "text/html" in headers.get("accept", "")


def refusal_page(
    path: str, status: int, sentence: str, institution: str = ""
) -> HTMLResponse:
    """Return what happened, and a way on, for a person.

    Args:
        path: Path of the request, which decides where the way on leads.
        status: HTTP status.
        sentence: What happened.
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
    """Return the HTML of a template."""
    spoken = {"language": page_language(), "home": in_language("/")}
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
    """Return a text around parts; what is no markup is escaped."""
    return Markup("").join(weave(key, **parts))


def page_title(heading: str, institution: str, problem: object = "") -> str:
    """Return the title of a page; a refusal is said first."""
    title = f"{heading} - {institution}"
    return say("forms.account.error", title=title) if problem else title


def _script(text: str) -> Markup:
    """Show text between backticks as code; everything is escaped first."""
    safe = str(escape(text))  # a Markup would escape what is put in below
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", safe))  # noqa: S704
