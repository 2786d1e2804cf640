"""What stands at an address without a page: what happened, and where to go."""

import reflex as rx

from invo_booking.web.core import routes
from invo_booking.web.kit import layout
from invo_booking.web.kit.parts import go
from invo_booking.web.kit.public_frame import frame
from invo_booking.web.unknown.state import UnknownState


@rx.page(route=routes.UNKNOWN, title="Page not found", on_load=UnknownState.open_page)
def unknown() -> rx.Component:
    """The same in the frame of staff and of the public."""
    return rx.cond(UnknownState.is_staff, _for_staff(), _for_customers())


def _for_staff() -> rx.Component:
    return layout.frame(
        rx.el.div(
            rx.el.h1("There is no page at this address"),
            rx.el.p(
                "The link may be from an earlier version, or the address was typed "
                "wrong. Nothing was changed."
            ),
            rx.el.div(
                go("Go to the dashboard", to=routes.DASHBOARD, name="btn primary"),
                go("Bookings", to=routes.BOOKINGS, name="btn"),
                class_name="ends",
            ),
            class_name="wrap unknown",
        ),
        here=routes.UNKNOWN,
        skip="Skip to what happened",
        kind="dash",
        action=rx.fragment(),
    )


def _for_customers() -> rx.Component:
    return frame(
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
                    go("Start page", to=routes.LANDING, name="btn primary"),
                    go("Schedule a call", to=routes.SCHEDULE, name="btn plain"),
                    class_name="onward ways",
                ),
                class_name="card work",
            ),
            class_name="one",
        ),
    )
