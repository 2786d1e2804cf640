"""The search over all settings."""

import reflex as rx

from invo_booking.web.admin.finder_state import FinderState
from invo_booking.web.admin.finder_view import HitView
from invo_booking.web.kit.icons import icon
from invo_booking.web.kit.parts import go, hidden
from invo_booking.web.kit.unsaved import discards


def finder(name: str) -> rx.Component:
    """A field that lists the settings holding what is typed; Enter opens the first.

    Args:
        name: Tells two of them on one page apart.
    """
    return rx.el.form(
        rx.el.div(
            icon("search"),
            rx.el.label("Search all settings", html_for=name, class_name="vh"),
            rx.el.input(
                id=name,
                name="words",
                type="search",
                placeholder="Search all settings",
                auto_complete="off",
                on_change=FinderState.look,
            ),
            class_name="box",
        ),
        rx.cond(FinderState.words != "", _results()),
        on_submit=FinderState.open_first,
        class_name="find",
        role="search",
        aria_label="Settings",
        custom_attrs=discards(),
    )


def _results() -> rx.Component:
    return rx.el.div(
        rx.el.p(FinderState.summary, role="status"),
        rx.el.ul(rx.foreach(FinderState.hits, _hit)),
        class_name="results",
    )


def _hit(hit: HitView) -> rx.Component:
    return rx.el.li(
        go(
            rx.el.b(hit.label),
            hidden(", "),
            rx.el.small(hit.page),
            to=hit.address,
        )
    )
