"""The field that searches all settings."""

import reflex as rx

from invo_booking.texts import say
from invo_booking.web.admin.finder_state import FinderState
from invo_booking.web.admin.finder_view import HitView
from invo_booking.web.kit.icons import icon
from invo_booking.web.kit.parts import hidden_text, page_link
from invo_booking.web.kit.tables import each
from invo_booking.web.kit.unsaved import discard_attributes


def settings_finder(name: str) -> rx.Component:
    """A field that lists the settings that contain a text; Enter opens the first.

    Args:
        name: Distinguishes two such fields on one page.
    """
    return rx.el.form(
        rx.el.div(
            icon("search"),
            rx.el.label(say("finder.label"), html_for=name, class_name="vh"),
            rx.el.input(
                id=name,
                name="words",
                type="search",
                placeholder=say("finder.label"),
                auto_complete="off",
                on_change=FinderState.find_settings,
            ),
            class_name="box",
        ),
        rx.cond(FinderState.words != "", _result_list()),
        on_submit=FinderState.open_first_setting,
        class_name="find",
        role="search",
        aria_label=say("finder.settings"),
        custom_attrs=discard_attributes(),
    )


def _result_list() -> rx.Component:
    return rx.el.div(
        rx.el.p(FinderState.summary, role="status"),
        rx.el.ul(each(FinderState.hits, _hit_row)),
        class_name="results",
    )


def _hit_row(hit: HitView) -> rx.Component:
    return rx.el.li(
        page_link(
            rx.el.b(hit.label),
            hidden_text(", "),
            rx.el.small(hit.page),
            to=hit.address,
        )
    )
