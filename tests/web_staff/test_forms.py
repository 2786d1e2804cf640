"""Forms of staff: the frame each has, and the question before one is left."""

from collections.abc import Iterator

import pytest
from reflex_base.components.component import BaseComponent
from reflex_base.registry import RegistrationContext

from invo_booking import app
from invo_booking.web.core import routes
from invo_booking.web.core.form_state import FormState
from invo_booking.web.kit.dialog import Dialog
from invo_booking.web.kit.unsaved import Unsaved

assert app.app is not None  # its import registers every page of the product

TYPED = {"input", "select", "textarea"}
KEPT = {"address", "page", "never"}
"""What a form says of itself: gone with its address, with its page, or not at all."""


def drawn() -> dict[str, BaseComponent]:
    """Return every page of staff by its route."""
    pages = RegistrationContext.ensure_context().decorated_pages
    return {
        str(more["route"]): draw()
        for draw, more in pages
        if more["route"] in routes.STAFF_PAGES
    }


def parts(whole: BaseComponent) -> Iterator[BaseComponent]:
    """Return a component and all within, except what lies in a dialog."""
    yield whole
    for child in whole.children:
        if not isinstance(child, Dialog):
            yield from parts(child)


def is_typed_into(form: BaseComponent) -> bool:
    """Whether a form has a field that somebody fills in, and is no search."""
    fields = [it for it in parts(form) if getattr(it, "tag", "") in TYPED]
    shown = [it for it in fields if "hidden" not in str(getattr(it, "type", ""))]
    return bool(shown) and "search" not in str(getattr(form, "role", ""))


PAGES = drawn()
FORMS = [
    pytest.param(route, form, id=f"{route} {number}")
    for route, page in PAGES.items()
    for number, form in enumerate(parts(page))
    if getattr(form, "tag", "") == "form" and is_typed_into(form)
]


def test_every_page_of_staff_is_looked_at():
    assert set(PAGES) == set(routes.STAFF_PAGES)
    assert len(FORMS) > len(routes.STAFF_PAGES)


@pytest.mark.parametrize("route", sorted(PAGES))
def test_page_of_staff_asks_before_what_is_not_saved_is_lost(route):
    asking = [it for it in parts(PAGES[route]) if isinstance(it, Unsaved)]

    assert len(asking) == 1


@pytest.mark.parametrize(("route", "form"), FORMS)
def test_form_tells_whether_something_in_it_is_not_saved(route, form):
    kept = str(form.custom_attrs.get("data-unsaved", "")).strip('"')

    assert kept in KEPT or "data-changed" in form.custom_attrs, route


@pytest.mark.parametrize(("route", "form"), FORMS)
def test_form_that_is_saved_by_its_page_has_the_frame(route, form):
    saved = form.event_triggers.get("on_submit")
    states = [one.handler.state for one in saved.events] if saved else []

    for state in states:
        assert issubclass(state, FormState), (route, state)
