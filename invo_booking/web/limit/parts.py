"""Show the choice of a customer who already has the maximum of appointments."""

import reflex as rx

from invo_booking.texts import in_language, say, weave
from invo_booking.web.core import routes
from invo_booking.web.core.moment import refresh_timer
from invo_booking.web.kit.browser import Headline, take_over
from invo_booking.web.kit.failure import missing_link_card, purged_link_card
from invo_booking.web.kit.icons import icon
from invo_booking.web.kit.parts import alert, skeleton
from invo_booking.web.kit.tables import each
from invo_booking.web.kit.typed import Flag, Text
from invo_booking.web.limit.state import LimitState
from invo_booking.web.limit.view import EarlierView

VIEW = LimitState.view


def limit_page_content() -> rx.Component:
    """Return the choice, or what to do if the link is not valid."""
    return rx.el.div(
        rx.cond(
            LimitState.is_missing,
            rx.fragment(
                rx.cond(LimitState.is_purged, purged_link_card(), missing_link_card()),
                take_over(),
            ),
            rx.cond(VIEW.stage, _prompt_card(), skeleton(2)),
        ),
        class_name="one limit",
    )


def _prompt_card() -> rx.Component:
    return rx.fragment(
        rx.cond(VIEW.is_held, _held_notice()),
        rx.el.section(
            Headline.create(VIEW.heading, level="h1", field_id="h", key=VIEW.heading),
            rx.cond(LimitState.problem, alert(rx.el.p(LimitState.problem))),
            rx.el.p(VIEW.lede, class_name="lede"),
            rx.cond(VIEW.options, _appointment_choice()),
            rx.match(
                VIEW.stage,
                ("choose", _swap_buttons()),
                ("free", _confirm_buttons()),
                ("booked", rx.fragment()),
                ("kept", rx.fragment()),
                _new_time_link(),
            ),
            class_name="work card",
            aria_labelledby="h",
        ),
        refresh_timer(VIEW.moment, on_due=LimitState.refresh_page),
        take_over(),
    )


def _held_notice() -> rx.Component:
    return rx.el.p(
        rx.el.span(icon("lock", 20), class_name="disc"),
        rx.el.span(
            *weave(
                "limit.held",
                appointment=rx.el.b(VIEW.topic, ", ", VIEW.day, ", ", VIEW.clock),
                time=rx.el.b(VIEW.until, class_name="num nb"),
            )
        ),
        class_name="held",
        role="status",
    )


def _appointment_choice() -> rx.Component:
    return rx.fragment(
        rx.el.fieldset(
            rx.el.legend(say("limit.choice.legend")),
            rx.el.div(each(VIEW.options, _appointment_option), class_name="options"),
            class_name="choose",
        ),
        rx.cond(VIEW.picked.key, _consequence_sentence()),
        rx.el.p(*weave("limit.zone", zone=VIEW.zone), class_name="quiet small zoned"),
    )


def _consequence_sentence() -> rx.Component:
    return rx.el.p(
        *weave(
            "limit.choice.consequence",
            earlier=rx.el.b(VIEW.picked.topic),
            earlier_day=VIEW.picked.day,
            earlier_time=VIEW.picked.clock,
            topic=rx.el.b(VIEW.topic),
            day=VIEW.day,
            time=VIEW.clock,
        ),
        class_name="then",
    )


def _appointment_option(option: EarlierView) -> rx.Component:
    return rx.el.label(
        rx.el.input(
            type="radio",
            name="cancel",
            value=option.key,
            checked=option.picked,
            on_change=LimitState.choose_appointment(option.key),
        ),
        rx.el.span(
            rx.el.b(option.topic),
            rx.el.span(
                rx.el.time(
                    option.day,
                    ", ",
                    rx.el.span(option.clocks, class_name="nb"),
                    date_time=option.iso,
                ),
                class_name="quiet",
            ),
        ),
        rx.el.span(icon(option.icon), option.channel, class_name="how"),
        class_name="option",
    )


def _swap_buttons() -> rx.Component:
    return rx.el.div(
        _action_button(VIEW.keep, LimitState.give_back_time, "bare"),
        rx.cond(
            VIEW.options,
            _action_button(
                say("limit.choice.swap"),
                LimitState.swap_appointments,
                "primary",
                is_off=VIEW.picked.key == "",
            ),
        ),
        class_name="acts",
    )


def _confirm_buttons() -> rx.Component:
    return rx.el.div(
        _action_button(
            say("limit.choice.give_back"), LimitState.give_back_time, "bare"
        ),
        _action_button(
            say("public.confirm_appointment"), LimitState.swap_appointments, "primary"
        ),
        class_name="acts",
    )


def _action_button(
    label: Text, press: rx.event.EventType[()], look: str, *, is_off: Flag = False
) -> rx.Component:
    return rx.el.button(
        label, type="button", class_name=f"btn {look}", on_click=press, disabled=is_off
    )


def _new_time_link() -> rx.Component:
    return rx.el.p(
        rx.el.a(
            say("limit.new_time"),
            href=in_language(routes.SCHEDULE),
            class_name="btn primary",
        ),
        class_name="onward",
    )
