"""The page at an address without one: what happened, and where to go."""

import reflex as rx

from invo_booking.web.core import routes
from invo_booking.web.kit import layout
from invo_booking.web.kit.parts import page_link
from invo_booking.web.kit.public_frame import public_frame
from invo_booking.web.unknown.state import UnknownState


@rx.page(route=routes.UNKNOWN, title="Page not found", on_load=UnknownState.open_page)
def unknown_page() -> rx.Component:
    """The same in the frame of staff and of the public."""
    return rx.cond(UnknownState.is_staff, _staff_page(), _public_page())


def _staff_page() -> rx.Component:
    return layout.staff_frame(
        rx.el.div(
            rx.el.h1("There is no page at this address"),
            rx.el.p(
                "The link may be from an earlier version, or the address was typed "
                "wrong. Nothing was changed."
            ),
            rx.el.div(
                page_link(
                    "Go to the dashboard", to=routes.DASHBOARD, name="btn primary"
                ),
                page_link("Bookings", to=routes.BOOKINGS, name="btn"),
                class_name="ends",
            ),
            class_name="wrap unknown",
        ),
        here=routes.UNKNOWN,
        skip="Skip to what happened",
        kind="dash",
        action=rx.fragment(),
    )


def _public_page() -> rx.Component:
    return public_frame(
        UnknownState.site,
        rx.el.div(
            rx.el.article(
                rx.el.h1("There is no page at this address"),
                rx.el.p(
                    "The link may be incomplete, or the address was typed wrong. Copy "
                    "all of a link in a mail. Your appointments are not changed.",
                    class_name="lede",
                ),
                rx.el.div(
                    page_link("Start page", to=routes.LANDING, name="btn primary"),
                    page_link("Schedule a call", to=routes.SCHEDULE, name="btn plain"),
                    class_name="onward ways",
                ),
                class_name="card work",
            ),
            class_name="one",
        ),
    )
