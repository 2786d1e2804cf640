"""Say that something failed that nobody planned for, or that a link opens nothing."""

import reflex as rx

from invo_booking.texts import in_language, say
from invo_booking.web.core import routes
from invo_booking.web.core.notice import NoticeState
from invo_booking.web.kit.parts import problem_alert


def failure_notice() -> rx.Component:
    """The sentence about the last failure, until it is read; nothing without one."""
    return rx.el.div(
        problem_alert(NoticeState.sentence, NoticeState.dismiss_failure),
        class_name="trouble",
    )


def purged_link_card() -> rx.Component:
    """What became of an appointment that was deleted after its end."""
    return _link_card(
        say("customer.purged.heading"),
        say("customer.purged.lead"),
        say("public.schedule"),
        routes.SCHEDULE,
    )


def missing_link_card() -> rx.Component:
    """Where to turn when a link opens nothing."""
    return _link_card(
        say("customer.missing.heading"),
        say("customer.missing.lead"),
        say("customer.missing.send"),
        routes.LANDING,
    )


def _link_card(heading: str, lead: str, onward: str, address: str) -> rx.Component:
    """Tell what became of a link, with one way onward."""
    return rx.el.section(
        rx.el.h1(heading, id="h"),
        rx.el.p(lead, class_name="lede"),
        rx.el.p(
            rx.el.a(onward, href=in_language(address), class_name="btn primary"),
            class_name="onward",
        ),
        class_name="work card",
        aria_labelledby="h",
    )
