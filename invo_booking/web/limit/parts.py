"""The choice of a customer who has as many appointments as allowed."""

import reflex as rx

from invo_booking.web.core import routes
from invo_booking.web.core.moment import look_again
from invo_booking.web.customer.parts import missing
from invo_booking.web.kit.browser import Headline
from invo_booking.web.kit.icons import icon
from invo_booking.web.kit.public_frame import alert, bones
from invo_booking.web.kit.typed import Text
from invo_booking.web.limit.state import LimitState
from invo_booking.web.limit.view import EarlierView

VIEW = LimitState.view


def limit_page() -> rx.Component:
    """The choice, or where to turn when the link opens nothing."""
    return rx.el.div(
        rx.cond(
            LimitState.is_missing, missing(), rx.cond(VIEW.stage, _card(), bones(2))
        ),
        class_name="one limit",
    )


def _card() -> rx.Component:
    return rx.fragment(
        rx.cond(VIEW.is_held, _held()),
        rx.el.section(
            Headline.create(VIEW.heading, level="h1", field_id="h", key=VIEW.heading),
            rx.cond(LimitState.problem, alert(rx.el.p(LimitState.problem))),
            rx.el.p(VIEW.lede, class_name="lede"),
            rx.cond(VIEW.options, _choice()),
            rx.match(
                VIEW.stage,
                ("choose", _swap()),
                ("free", _confirm()),
                ("booked", rx.fragment()),
                ("kept", rx.fragment()),
                _again(),
            ),
            class_name="work card",
            aria_labelledby="h",
        ),
        look_again(VIEW.moment, on_due=LimitState.look_again),
    )


def _held() -> rx.Component:
    return rx.el.p(
        rx.el.span(icon("lock", 20), class_name="disc"),
        rx.el.span(
            "Your new time is safe. We hold ",
            rx.el.b(VIEW.topic, ", ", VIEW.day, ", ", VIEW.clock),
            " for you until ",
            rx.el.b(VIEW.until, class_name="num nb"),
            ".",
        ),
        class_name="held",
        role="status",
    )


def _choice() -> rx.Component:
    return rx.fragment(
        rx.el.fieldset(
            rx.el.legend("Which one do you want to cancel?"),
            rx.el.div(rx.foreach(VIEW.options, _option), class_name="options"),
            class_name="choose",
        ),
        rx.el.p(
            "We cancel ",
            rx.el.b(VIEW.picked.topic),
            " on ",
            VIEW.picked.day,
            " at ",
            VIEW.picked.clock,
            ". Then we book ",
            rx.el.b(VIEW.topic),
            " on ",
            VIEW.day,
            " at ",
            VIEW.clock,
            ".",
            class_name="then",
        ),
        rx.el.p("All times are ", VIEW.zone, ".", class_name="quiet small zoned"),
    )


def _option(option: EarlierView) -> rx.Component:
    return rx.el.label(
        rx.el.input(
            type="radio",
            name="cancel",
            value=option.key,
            checked=option.picked,
            on_change=LimitState.choose(option.key),
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


def _swap() -> rx.Component:
    return rx.el.div(
        _button(VIEW.keep, LimitState.keep, "bare"),
        rx.cond(
            VIEW.options,
            _button("Cancel it and continue", LimitState.swap, "primary"),
        ),
        class_name="acts",
    )


def _confirm() -> rx.Component:
    return rx.el.div(
        _button("Give the time back", LimitState.keep, "bare"),
        _button("Confirm the appointment", LimitState.swap, "primary"),
        class_name="acts",
    )


def _button(label: Text, press: rx.event.EventType[()], look: str) -> rx.Component:
    return rx.el.button(label, type="button", class_name=f"btn {look}", on_click=press)


def _again() -> rx.Component:
    return rx.el.p(
        rx.el.a("Pick a new time", href=routes.SCHEDULE, class_name="btn primary"),
        class_name="onward",
    )
