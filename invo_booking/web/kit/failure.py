"""Messages about unexpected failures and about links that open nothing."""

import reflex as rx

from invo_booking.texts import in_language, say
from invo_booking.web.core import routes
from invo_booking.web.core.notice import NoticeState
from invo_booking.web.kit.parts import problem_alert


def failure_notice() -> rx.Component:
    """The message about the last unexpected failure, until dismissed."""
    return rx.el.div(
        problem_alert(NoticeState.sentence, NoticeState.dismiss_failure),
        class_name="trouble",
    )


def purged_link_card() -> rx.Component:
    """A card for a link whose appointment was deleted after its end."""
    return _link_card(
        say("customer.purged.heading"),
        say("customer.purged.lead"),
        say("public.schedule"),
        routes.SCHEDULE,
    )


def missing_link_card() -> rx.Component:
    """A card for a link that opens nothing, with a way to get a new link."""
    return _link_card(
        say("customer.missing.heading"),
        say("customer.missing.lead"),
        say("customer.missing.send"),
        routes.LANDING,
    )


def _link_card(heading: str, lead: str, onward: str, address: str) -> rx.Component:
    """A card that explains the state of a link, with one button."""
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
