"""Finds the pages: every module called ``page`` below ``web`` registers its own."""

import importlib
import pkgutil

from invo_booking import web


def import_pages() -> list[str]:
    """Import every page, which registers it with Reflex; return the modules' names.

    In the order of their names, so that every build is the same.
    """
    modules = pkgutil.walk_packages(web.__path__, f"{web.__name__}.")
    names = sorted(it.name for it in modules if it.name.endswith(".page"))
    for name in names:
        importlib.import_module(name)
    return names
