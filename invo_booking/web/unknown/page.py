"""The page at unknown URLs: what happened, and where to go next."""

import reflex as rx

from invo_booking.texts import in_language, say
from invo_booking.web.core import routes
from invo_booking.web.core.pages import public_page
from invo_booking.web.kit import layout
from invo_booking.web.kit.browser import take_over
from invo_booking.web.kit.parts import page_link
from invo_booking.web.kit.public_frame import public_frame
from invo_booking.web.unknown.state import UnknownState


@public_page(
    route=routes.UNKNOWN, title_key="unknown.page", on_load=UnknownState.open_page
)
def unknown_page() -> rx.Component:
    """The message in the frame of staff pages or of public pages."""
    return rx.fragment(
        rx.cond(UnknownState.is_staff, _staff_page(), _public_page()),
        rx.cond(UnknownState.is_ready, take_over()),
    )


def _staff_page() -> rx.Component:
    return layout.staff_frame(
        rx.el.div(
            rx.el.h1(say("unknown.heading")),
            rx.el.p(say("unknown.staff.lead")),
            rx.el.div(
                page_link(
                    say("unknown.staff.dashboard"),
                    to=routes.DASHBOARD,
                    name="btn primary",
                ),
                page_link(
                    say("unknown.staff.bookings"), to=routes.BOOKINGS, name="btn"
                ),
                class_name="ends",
            ),
            class_name="wrap unknown",
        ),
        here=routes.UNKNOWN,
        skip=say("unknown.staff.skip"),
        kind="dash",
        action=rx.fragment(),
    )


def _public_page() -> rx.Component:
    return public_frame(
        UnknownState.site,
        rx.el.div(
            rx.el.article(
                rx.el.h1(say("unknown.heading")),
                rx.el.p(
                    say("unknown.customer.lead"),
                    class_name="lede",
                ),
                rx.el.div(
                    page_link(
                        say("public.start_page"),
                        to=in_language(routes.LANDING),
                        name="btn primary",
                    ),
                    page_link(
                        say("public.schedule"),
                        to=in_language(routes.SCHEDULE),
                        name="btn plain",
                    ),
                    class_name="onward ways",
                ),
                class_name="card work",
            ),
            class_name="one",
        ),
    )
