"""What the landing page says, and the two things one can do there."""

import reflex as rx

from invo_booking.web.core import routes, theme
from invo_booking.web.kit.effort import PROGRAM, proof_of_work, trap
from invo_booking.web.kit.facts import known
from invo_booking.web.kit.fields import described, field
from invo_booking.web.kit.icons import icon
from invo_booking.web.kit.public_frame import alert
from invo_booking.web.kit.typed import negation
from invo_booking.web.landing.state import LandingState

TALK = "Talk with us."
HELP = "We send you a link to each of your appointments."


def hello() -> rx.Component:
    """Logo, name, one sentence, two ways on."""
    site = LandingState.site
    return rx.el.div(
        rx.el.img(src=theme.LOGO, alt="", class_name="mark"),
        rx.el.p(known(site, site.name, "name"), class_name="name"),
        rx.el.h1(known(site, rx.cond(site.tagline, site.tagline, TALK), "headline")),
        rx.el.div(_schedule(), _closed(), _again(), class_name="go"),
        class_name="hello",
        custom_attrs={
            "data-scheduling": known(
                site, rx.cond(site.is_open, "on", "off"), "scheduling"
            )
        },
    )


def _schedule() -> rx.Component:
    return rx.el.a(
        icon("cal", 20),
        "Schedule a call",
        href=routes.SCHEDULE,
        class_name="btn primary big",
    )


def _closed() -> rx.Component:
    return rx.el.p(
        "Appointments cannot be scheduled online at the moment.", class_name="closed"
    )


def _again() -> rx.Component:
    return rx.el.details(
        rx.el.summary("I already have an appointment", class_name="btn bare"),
        rx.el.form(
            _mail(),
            trap(),
            rx.el.button(
                "Send me the links",
                type="submit",
                # Before, the browser would put the address into that of the page.
                disabled=negation(LandingState.is_ready),
                class_name="btn primary wide",
            ),
            proof_of_work(
                challenge=LandingState.challenge,
                waiting=LandingState.is_working,
                program=PROGRAM,
                on_solved=LandingState.hand_in,
            ),
            rx.cond(LandingState.sent_to, _sent()),
            class_name="card",
            no_validate=True,
            on_submit=LandingState.send_links,
        ),
        class_name="again",
    )


def _mail() -> rx.Component:
    error = LandingState.problem
    control = rx.el.input(
        type="email",
        input_mode="email",
        auto_complete="email",
        required=True,
        on_focus=LandingState.begin,
        **described("mail", error, has_hint=True),
    )
    return field(
        control, name="mail", label="Your e-mail address", error=error, hint=HELP
    )


def _sent() -> rx.Component:
    return alert(
        rx.el.p(
            "If there are appointments for ",
            rx.el.b(LandingState.sent_to),
            ", a mail with their links is on its way.",
        ),
        kind="ok",
        mark="tick",
    )
