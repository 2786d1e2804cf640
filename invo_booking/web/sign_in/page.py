"""The page where staff sign in: a plain form, so that the response sets the cookie."""

from typing import Any

import reflex as rx

from invo_booking.texts import say
from invo_booking.web.core import routes, theme
from invo_booking.web.kit.facts import page_title
from invo_booking.web.kit.failure import failure_notice
from invo_booking.web.kit.icons import icon
from invo_booking.web.kit.layout import StaffSheets
from invo_booking.web.kit.look import look_button
from invo_booking.web.kit.parts import plain_form, plain_link, submit_button
from invo_booking.web.kit.typed import text_if
from invo_booking.web.sign_in.scene import sign_in_scene
from invo_booking.web.sign_in.state import SignInState


@rx.page(
    route=routes.SIGN_IN,
    title=page_title(say("sign_in.page")),
    on_load=SignInState.open_page,
)
def sign_in_page() -> rx.Component:
    """The sign-in form, the error of the last attempt, and a picture."""
    return rx.el.div(
        StaffSheets.create(),
        rx.el.div(
            rx.el.main(_brand_heading(), _sign_in_form(), _page_footer()),
            rx.el.div(sign_in_scene(), class_name="scene"),
            class_name="sign",
        ),
        failure_notice(),
        class_name="staff",
    )


def _brand_heading() -> rx.Component:
    return rx.el.div(
        rx.el.img(src=theme.LOGO, alt=""),
        rx.el.span(SignInState.institution),
        look_button(name="look-btn"),
        class_name="brand",
    )


def _sign_in_form() -> rx.Component:
    return plain_form(
        rx.el.div(rx.el.h1(say("sign_in.page")), rx.el.p(say("sign_in.lead"))),
        rx.el.div(
            rx.cond(
                SignInState.sentence != "",
                rx.el.p(
                    icon(text_if(SignInState.is_refused, "warn", "info")),
                    rx.el.span(SignInState.sentence),
                    class_name=text_if(SignInState.is_refused, "info bad", "info"),
                ),
            ),
            role="alert",
        ),
        rx.el.div(
            rx.cond(
                SignInState.done != "",
                rx.el.p(icon("check"), rx.el.span(SignInState.done), class_name="ok"),
            ),
            role="status",
        ),
        _sign_in_field("email", say("sign_in.email"), "email", "username"),
        _sign_in_field("password", say("kit.password"), "password", "current-password"),
        rx.el.input(type="hidden", name="next", value=SignInState.after),
        submit_button(say("sign_in.page")),
        plain_link(
            say("sign_in.forgot"), href=routes.SESSION_FORGOT, class_name="link"
        ),
        action=routes.SESSION_SIGN_IN,
        method="post",
    )


def _sign_in_field(name: str, label: str, kind: Any, fills: str) -> rx.Component:
    return rx.el.div(
        rx.el.label(label, html_for=f"sign-{name}"),
        rx.el.div(
            rx.el.input(
                id=f"sign-{name}",
                name=name,
                type=kind,
                auto_complete=fills,
                required=True,
            ),
            class_name="box",
        ),
        class_name="field",
    )


def _page_footer() -> rx.Component:
    return rx.el.footer(
        say("sign_in.customers.question"),
        rx.el.a(say("sign_in.customers.link"), href=routes.LANDING, class_name="link"),
    )
