"""Forms of staff: the frame each has, and the question before one is left."""

import ast
import inspect
import re
import textwrap
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from reflex_base.components.component import BaseComponent
from reflex_base.registry import RegistrationContext

from invo_booking import app
from invo_booking.web.admin.affected_state import AffectedReviewState
from invo_booking.web.admin.people.person_state import PersonState
from invo_booking.web.core import routes
from invo_booking.web.core.form_state import FormState
from invo_booking.web.kit.dialog import Dialog
from invo_booking.web.kit.unsaved import Unsaved
from invo_booking.web.menu import staff_pages

assert app.app is not None  # its import registers every page of the product

TYPED = {"input", "select", "textarea"}
KEPT = {"address", "page", "never"}
"""What a form says of itself: gone with its address, with its page, or not at all."""


@cache
def drawn() -> dict[str, BaseComponent]:
    """Return every page of staff by its route.

    Drawing them takes a second, so only a process that runs a test does so.
    """
    pages = RegistrationContext.ensure_context().decorated_pages
    return {
        str(more["route"]): draw()
        for draw, more in pages
        if more["route"] in staff_pages()
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


def forms_of(route: str) -> list[Any]:
    """Return the forms of a page into which somebody types."""
    return [
        form
        for form in parts(drawn()[route])
        if getattr(form, "tag", "") == "form" and is_typed_into(form)
    ]


ROUTES = sorted(staff_pages())
OF_ADMINISTRATORS = [it for it in ROUTES if it != routes.BOOKINGS]
"""The drawer of the calendar shows either an appointment or its form, never both."""


def test_every_page_of_staff_is_looked_at():
    assert set(drawn()) == set(ROUTES)
    assert sum(len(forms_of(route)) for route in ROUTES) > len(ROUTES)


@pytest.mark.parametrize("route", ROUTES)
def test_page_of_staff_asks_before_what_is_not_saved_is_lost(route):
    asking = [it for it in parts(drawn()[route]) if isinstance(it, Unsaved)]

    assert len(asking) == 1


@pytest.mark.parametrize("route", ROUTES)
def test_form_tells_whether_something_in_it_is_not_saved(route):
    for number, form in enumerate(forms_of(route)):
        kept = str(form.custom_attrs.get("data-unsaved", "")).strip('"')
        assert kept in KEPT or "data-changed" in form.custom_attrs, number


def states_that_save(form) -> list[type]:
    """Return the states to which a form is submitted."""
    saved = form.event_triggers.get("on_submit")
    return [one.handler.state for one in saved.events] if saved else []


@pytest.mark.parametrize("route", ROUTES)
def test_form_that_is_saved_by_its_page_has_the_frame(route):
    for form in forms_of(route):
        for state in states_that_save(form):
            assert issubclass(state, FormState), state


EACH_ITS_OWN = {"ClosuresState.submit_form", "ClosuresState.submit_holidays"}
"""Two forms that one method saves; each leaves the other as it is, as is tested."""

ENDS = {"keep_affected", "hand_over_affected", "save_decisions", "submit_own_password"}
"""Presses that end a submission; until then, nobody can type into the form."""

WATCHES = re.compile(r"(\w+)\.(\w+)_rx_state_")
"""A state, and the attribute of it whose new value draws a form again."""


def fills(state: type, attribute: str) -> set[str]:
    """Return the methods of a state that assign an attribute, or call one that does."""
    calls, assigning = defaultdict(set), set()
    for method, node in used(state):
        if isinstance(node.ctx, ast.Load):
            calls[method].add(node.attr)
        elif node.attr == attribute:
            assigning.add(method)
    while more := {it for it in calls if calls[it] & assigning} - assigning:
        assigning |= more
    return assigning


def used(state: type) -> Iterator[tuple[str, ast.Attribute]]:
    """Return the own attributes that each method of a state uses."""
    for kind in state.__mro__:
        if kind.__module__.startswith("invo_booking"):
            yield from used_by(kind)


@cache
def used_by(kind: type) -> list[tuple[str, ast.Attribute]]:
    tree = ast.parse(textwrap.dedent(inspect.getsource(kind)))
    return [
        (method.name, node)
        for method in filter(is_method, ast.walk(tree))
        for node in ast.walk(method)
        if isinstance(node, ast.Attribute) and is_own(node.value)
    ]


def is_method(node: ast.AST) -> bool:
    return isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)


def is_own(node: ast.expr) -> bool:
    """Whether an expression is ``self`` or ``super()``."""
    name = node.func if isinstance(node, ast.Call) else node
    return isinstance(name, ast.Name) and name.id in {"self", "super"}


def presses(page: BaseComponent) -> Iterator[tuple[BaseComponent, type, str]]:
    """Return the components that send events, with the state and the handler."""
    for part in parts(page):
        for trigger in getattr(part, "event_triggers", {}).values():
            for event in getattr(trigger, "events", ()):
                if (handler := getattr(event, "handler", None)) and handler.state:
                    yield part, handler.state, handler.fn.__name__


def filled_again(page: BaseComponent, form: BaseComponent) -> Iterator[str]:
    """Return what else fills in a form again without asking, by handler."""
    for name, attribute in WATCHES.findall(str(form.key)):
        for part, state, handler in presses(page):
            is_free = part is form or handler in ENDS or asks_first(part)
            is_same = state.get_full_name().replace(".", "__").endswith(name)
            if is_same and not is_free and handler in fills(state, attribute):
                yield f"{state.__name__}.{handler}"


def asks_first(part: BaseComponent) -> bool:
    return "data-discards" in getattr(part, "custom_attrs", {})


@pytest.mark.parametrize("route", OF_ADMINISTRATORS)
def test_only_its_own_button_fills_in_a_form_again_without_asking(route):
    for number, form in enumerate(forms_of(route)):
        assert set(filled_again(drawn()[route], form)) <= EACH_ITS_OWN, number


def test_what_fills_in_the_forms_of_people_and_days_is_found():
    found = {
        (route, handler)
        for route in OF_ADMINISTRATORS
        for form in forms_of(route)
        for name, attribute in WATCHES.findall(str(form.key))
        for _, state, handler in presses(drawn()[route])
        if state.get_full_name().replace(".", "__").endswith(name)
        and handler in fills(state, attribute)
    }

    assert {
        ("/people", "toggle_account"),
        ("/people", "send_link"),
        ("/institution", "edit_day"),
        ("/answers", "reload_form"),
    } <= found


@pytest.mark.parametrize("route", ROUTES)
def test_nobody_types_into_a_form_while_its_effects_are_reviewed(route):
    for form in forms_of(route):
        for state in states_that_save(form):
            if issubclass(state, AffectedReviewState):
                is_counted = "data-changed" in form.custom_attrs  # ends the review
                is_hidden = state is PersonState  # with all else on the page
                assert is_counted or is_hidden or "inert" in form.custom_attrs, state
