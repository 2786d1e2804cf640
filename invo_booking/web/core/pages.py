"""Finds the pages: every module called ``page`` below ``web`` registers its own."""

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
    """Register a page of customers once for each language, as ``/x`` and ``/es/x``.

    Args:
        route: Address of the English page.
        title_key: Key of its title, which also has the institution's name.
        on_load: Event that opens it.
    """

    def register(page: Page) -> Page:
        for language in page_languages():
            with speak_within(language):
                here, title = _route_here(route), page_title(say(title_key))
            rx.page(route=here, title=title, on_load=on_load)(_in(language, page))
        return page

    return register


def _route_here(route: str) -> str:
    """Return a route in the language spoken now.

    What has no page in a language ends at its own page, not at the English one.
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
    """Import every page, which registers it with Reflex; return the modules' names.

    In the order of their names, so that every build is the same.
    """
    modules = pkgutil.walk_packages(web.__path__, f"{web.__name__}.")
    names = sorted(it.name for it in modules if it.name.endswith(".page"))
    for name in names:
        importlib.import_module(name)
    return names
