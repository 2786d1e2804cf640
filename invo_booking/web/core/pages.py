"""Import all pages: each module ``page`` below ``web`` registers its page."""

import importlib
import pkgutil
from collections.abc import Callable
from functools import wraps

import reflex as rx
from reflex.event import EventType

from invo_booking import web
from invo_booking.texts import in_language, page_languages, say, speak_within
from invo_booking.web.core import routes
from invo_booking.web.kit.facts import page_title

Page = Callable[[], rx.Component]


def public_page(
    *, route: str, title_key: str, on_load: EventType[()]
) -> Callable[[Page], Page]:
    """Register a customers' page once for each language, as ``/x`` and ``/es/x``.

    Args:
        route: Address of the English page.
        title_key: Key of the title; the institution's name is added to the title.
        on_load: Event that opens the page.
    """

    def register(page: Page) -> Page:
        for language in page_languages():
            with speak_within(language):
                here, title = _route_here(route), page_title(say(title_key))
            rx.page(route=here, title=title, on_load=on_load)(_in(language, page))
        return page

    return register


def _route_here(route: str) -> str:
    """Return a route in the current language.

    For the page shown at unknown URLs, the route matches every URL that begins with the
    language, so that the page is in this language and not in English.
    """
    if route != routes.UNKNOWN:
        return in_language(route)
    prefix = in_language("/")
    return f"{prefix}/[[...splat]]" if prefix != "/" else route


def _in(language: str, page: Page) -> Page:
    """Return a page that is drawn in a language."""

    @wraps(page)
    def draw() -> rx.Component:
        with speak_within(language):
            return page()

    return draw


def import_pages() -> list[str]:
    """Import every page, which registers it; return the names of the modules.

    The modules are imported in the order of their names, so that every build is the
    same.
    """
    modules = pkgutil.walk_packages(web.__path__, f"{web.__name__}.")
    names = sorted(it.name for it in modules if it.name.endswith(".page"))
    for name in names:
        importlib.import_module(name)
    return names
