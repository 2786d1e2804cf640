"""Show the landing page: booking, and mailing the links of appointments."""

import reflex as rx

from invo_booking.texts import in_language, say, weave
from invo_booking.web.core import routes, theme
from invo_booking.web.kit.effort import proof_of_work, trap_field
from invo_booking.web.kit.facts import institution_text
from invo_booking.web.kit.fields import control_attributes, labeled_control
from invo_booking.web.kit.icons import icon
from invo_booking.web.kit.parts import alert, page_link, submit_button
from invo_booking.web.kit.tables import each
from invo_booking.web.kit.typed import negation
from invo_booking.web.landing.state import LandingState
from invo_booking.web.landing.view import TopicLinkView


def landing_welcome() -> rx.Component:
    """Return logo, name, one sentence and two actions."""
    site = LandingState.site
    return rx.el.div(
        rx.el.img(src=theme.LOGO, alt="", class_name="mark"),
        rx.el.p(institution_text(site, site.name, "name"), class_name="name"),
        rx.el.h1(
            institution_text(
                site,
                rx.cond(site.tagline, site.tagline, say("landing.headline")),
                "headline",
            )
        ),
        rx.el.div(_schedule_link(), _closed_notice(), _links_form(), class_name="go"),
        rx.cond(LandingState.topics, _topic_links()),
        class_name="hello",
        custom_attrs={
            "data-scheduling": institution_text(
                site, rx.cond(site.is_open, "on", "off"), "scheduling"
            )
        },
    )


def _schedule_link() -> rx.Component:
    return rx.el.a(
        icon("cal", 20),
        say("public.schedule"),
        href=in_language(routes.SCHEDULE),
        class_name="btn primary big",
    )


def _topic_links() -> rx.Component:
    return rx.el.nav(
        rx.el.h2(say("landing.topics"), id="topics"),
        rx.el.ul(each(LandingState.topics, _topic_link)),
        class_name="subjects",
        aria_labelledby="topics",
    )


def _topic_link(topic: TopicLinkView) -> rx.Component:
    return rx.el.li(page_link(topic.title, icon("right"), to=topic.page))


def _closed_notice() -> rx.Component:
    return rx.el.p(say("landing.closed"), class_name="closed")


def _links_form() -> rx.Component:
    return rx.el.details(
        rx.el.summary(say("landing.links.open"), class_name="btn bare"),
        rx.el.form(
            _mail_field(),
            trap_field(),
            submit_button(
                say("landing.links.send"),
                look="primary wide",
                disabled=negation(LandingState.is_ready),
            ),
            proof_of_work(LandingState, LandingState.site),
            rx.cond(LandingState.sent_to, _sent_notice()),
            class_name="card",
            no_validate=True,
            on_submit=LandingState.send_links,
        ),
        class_name="again",
    )


def _mail_field() -> rx.Component:
    error = LandingState.problem
    control = rx.el.input(
        type="email",
        input_mode="email",
        auto_complete="email",
        required=True,
        on_focus=LandingState.begin_effort,
        **control_attributes("mail", error, has_hint=True),
    )
    return labeled_control(
        control,
        name="mail",
        label=say("landing.links.address"),
        error=error,
        hint=say("landing.links.hint"),
    )


def _sent_notice() -> rx.Component:
    return alert(
        rx.el.p(*weave("landing.links.sent", address=rx.el.b(LandingState.sent_to))),
        kind="ok",
        mark="tick",
    )
