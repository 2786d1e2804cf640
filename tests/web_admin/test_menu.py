"""The menu of administrators leads to every page they have."""

from reflex_base.registry import RegistrationContext

from invo_booking import app, web
from invo_booking.web.menu import admin_menu

assert app.app is not None  # its import registers every page of the product


def test_the_menu_of_administrators_leads_to_each_of_their_pages():
    pages = RegistrationContext.ensure_context().decorated_pages
    theirs = {
        str(more["route"])
        for draw, more in pages
        if draw.__module__.startswith(f"{web.__name__}.admin.")
    }

    assert {it.route for group in admin_menu().values() for it in group} == theirs
