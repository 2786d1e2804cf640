"""The former page *Calendar API*; its fields are now on the page *Calendars*."""

import reflex as rx

from invo_booking.settings.spec import Page
from invo_booking.texts import say
from invo_booking.web.admin.calendars.menu import ENTRY
from invo_booking.web.admin.calendars.state import CalendarApiState
from invo_booking.web.admin.calendars.view import CalendarFactView
from invo_booking.web.admin.frame import admin_frame
from invo_booking.web.core import routes
from invo_booking.web.kit.icons import icon
from invo_booking.web.kit.parts import hidden_text, page_link, skeleton
from invo_booking.web.kit.tables import each

CALENDARS = routes.settings_route(Page.CALENDARS.slug)


@rx.page(
    route=ENTRY.route,
    title=ENTRY.label,
    on_load=CalendarApiState.open_page,
)
def calendar_api_page() -> rx.Component:
    """The stored values, each with a link to its field on the page *Calendars*."""
    return admin_frame(
        rx.cond(CalendarApiState.is_ready, _fact_list(), skeleton()),
        here=ENTRY.route,
        title=ENTRY.label,
        lead=say("calendar_api.lead"),
        actions=page_link(say("calendar_api.open"), to=CALENDARS, name="btn"),
    )


def _fact_list() -> rx.Component:
    return rx.el.section(
        rx.el.ul(each(CalendarApiState.facts, _fact_row), class_name="card"),
        class_name="group",
        aria_label=say("calendar_api.google"),
    )


def _fact_row(fact: CalendarFactView) -> rx.Component:
    return rx.el.li(
        rx.el.b(fact.label, class_name="t"),
        rx.el.p(fact.value, class_name="h"),
        rx.el.div(
            page_link(
                icon("pen"),
                say("admin.edit"),
                hidden_text(" ", fact.label),
                to=fact.address,
                name="btn",
            ),
            class_name="c",
        ),
        class_name="row",
        key=fact.label,
    )
