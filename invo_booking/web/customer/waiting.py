"""Show the status of requests that wait for the mailed link or have no e-mail."""

import reflex as rx

from invo_booking.texts import say, weave
from invo_booking.web.core.routes import Done
from invo_booking.web.customer.links import visit_page_address
from invo_booking.web.customer.state import StatusState
from invo_booking.web.kit.browser import question_heading
from invo_booking.web.kit.copying import copy_button
from invo_booking.web.kit.countdown import countdown
from invo_booking.web.kit.fields import control_attributes, labeled_control
from invo_booking.web.kit.icons import icon
from invo_booking.web.kit.parts import alert, submit_button

VIEW = StatusState.visit

LINK_FIELD = "page-link"


def visit_mail_instructions() -> rx.Component:
    """Return the address of the mail, the time limit, and help if no mail arrives."""
    return rx.el.div(
        rx.el.h2(say("customer.waiting.heading")),
        rx.el.p(
            *weave(
                "customer.waiting.lead",
                address=rx.el.b(VIEW.mailed_to, class_name="nb"),
            )
        ),
        rx.cond(VIEW.mistyped, rx.el.p(VIEW.mistyped)),
        visit_hold_notice(),
        rx.cond(StatusState.panel == "address", _address_form(), _mail_buttons()),
        visit_refusal(Done.SENT_AGAIN),
        visit_refusal(Done.CONFIRMED),
        class_name="todo",
    )


def visit_refusal(action: Done) -> rx.Component:
    """Return why an action was refused, to show beside the button of the action."""
    is_here = StatusState.refused == action.value
    return rx.el.div(
        rx.cond(
            (StatusState.problem != "") & is_here,
            alert(rx.el.p(StatusState.problem), role=""),
        ),
        role="alert",
    )


def visit_hold_notice() -> rx.Component:
    """Return the time until which the slot is held, with a countdown."""
    return rx.cond(
        VIEW.confirm_by,
        rx.fragment(
            rx.el.p(
                *weave(
                    "customer.hold.until",
                    time=rx.el.b(VIEW.confirm_by, class_name="num"),
                )
            ),
            countdown(
                until=VIEW.confirm_until,
                now=VIEW.seen_at,
                mode="line",
                prefix=say("customer.hold.left"),
                said=say("customer.hold.left_spoken"),
            ),
        ),
    )


def visit_link_card() -> rx.Component:
    """Return the page's URL, for customers without an e-mail address."""
    return rx.el.section(
        rx.el.h2(say("customer.link.heading"), id="keep"),
        rx.el.p(
            say("customer.link.lead"),
            class_name="quiet",
        ),
        rx.el.div(
            rx.el.input(
                id=LINK_FIELD,
                value=visit_page_address(),
                read_only=True,
                aria_label=say("customer.link.label"),
            ),
            copy_button(
                icon("link", 20),
                say("customer.link.copy"),
                field_id=LINK_FIELD,
                name="btn",
            ),
            class_name="keep-link",
        ),
        class_name="tight",
        aria_labelledby="keep",
    )


def _mail_buttons() -> rx.Component:
    return rx.el.div(
        rx.el.button(
            icon("mail", 20),
            say("customer.mail.send_again"),
            type="button",
            class_name="btn",
            on_click=StatusState.send_confirmation,
        ),
        rx.el.button(
            say("customer.mail.wrong_address"),
            type="button",
            class_name="btn bare",
            on_click=StatusState.show_panel("address"),
        ),
        class_name="no-mail",
    )


def _address_form() -> rx.Component:
    error = StatusState.address_problem
    control = rx.el.input(
        type="email",
        input_mode="email",
        auto_complete="email",
        spell_check=False,
        custom_attrs={"autoCapitalize": "none"},
        required=True,
        **control_attributes("email", error, has_hint=True),
    )
    return rx.el.form(
        question_heading(say("customer.mail.address_heading")),
        labeled_control(
            control,
            name="email",
            label=say("public.email"),
            error=error,
            hint=say("customer.mail.address_hint"),
        ),
        visit_refusal(Done.ADDRESS_CHANGED),
        rx.el.div(
            rx.el.button(
                icon("left", 20),
                say("public.back"),
                type="button",
                class_name="btn bare",
                on_click=StatusState.show_panel(""),
            ),
            submit_button(say("customer.mail.send")),
            class_name="acts",
        ),
        class_name="panel",
        no_validate=True,
        on_submit=StatusState.change_address,
    )
