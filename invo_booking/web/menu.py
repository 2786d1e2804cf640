"""Find the pages of administrators and their positions in the menu.

Each of these pages has a module ``menu`` with its ``ENTRY``. These modules import no
components, so that the API can import them without Reflex.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules

from invo_booking.settings.spec import Page
from invo_booking.texts import say
from invo_booking.web.core import routes

_PAGES = "invo_booking.web.admin"


class MenuGroup(StrEnum):
    """A group of the menu; the value is the key of its heading."""

    PRODUCT = "menu.groups.product"
    INSTITUTION = "menu.groups.institution"
    OVERSIGHT = "menu.groups.oversight"


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """An administrators' page in the menu.

    Attributes:
        group: Group of the menu that contains the page.
        place: Entries of a group are in the order of this number.
        label: Text of the link, and title of the page.
        route: Address of the page.
    """

    group: MenuGroup
    place: int
    label: str
    route: str


@cache
def admin_menu() -> Mapping[str, Sequence[MenuEntry]]:
    """Return the administrators' pages by the heading of their group."""
    entries = sorted((*_settings_pages(), *_own_entries()), key=lambda it: it.place)
    return {say(name): [it for it in entries if it.group is name] for name in MenuGroup}


@cache
def staff_pages() -> frozenset[str]:
    """Return the pages to which a person may be redirected after signing in."""
    entries = (it for group in admin_menu().values() for it in group)
    ours = {routes.BOOKINGS, routes.DASHBOARD, routes.PROFILE}
    return frozenset({*ours, *(it.route for it in entries)})


def _settings_pages() -> Iterator[MenuEntry]:
    for place, page in enumerate(Page):
        route = routes.settings_route(page.slug)
        yield MenuEntry(MenuGroup.PRODUCT, place, page.value, route)


def _own_entries() -> Iterator[MenuEntry]:
    """Yield the entry of each folder of ``web/admin`` that has a module ``menu``."""
    pages = import_module(_PAGES)
    for folder in iter_modules(pages.__path__, f"{_PAGES}."):
        if folder.ispkg and find_spec(f"{folder.name}.menu"):
            entry: MenuEntry = import_module(f"{folder.name}.menu").ENTRY
            yield entry
