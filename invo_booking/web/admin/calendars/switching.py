"""The dialog that changes over to another calendar provider."""

import reflex as rx

from invo_booking.settings.calendars import OUTLOOK, PRIMARY_PROVIDER
from invo_booking.web.admin.calendars.switching_state import SwitchingState
from invo_booking.web.kit.dialog import dialog
from invo_booking.web.kit.icons import icon
from invo_booking.web.kit.parts import button
from invo_booking.web.kit.typed import Text

OTHERS = [one for one in PRIMARY_PROVIDER.field.choices if one.value != OUTLOOK]


def switching() -> rx.Component:
    """What changing over means, and the word that confirms it."""
    return dialog(
        rx.el.h2("Switch the calendar provider"),
        rx.el.form(
            _to(),
            rx.el.ul(
                rx.foreach(SwitchingState.sentences, _said),
                class_name="will",
                aria_label="What this means",
            ),
            rx.cond(SwitchingState.has_events, _events()),
            _typed(),
            rx.el.div(
                rx.cond(
                    SwitchingState.problem != "",
                    rx.el.p(
                        icon("stop", 14),
                        rx.el.span(SwitchingState.problem),
                        class_name="msg bad",
                    ),
                ),
                role="alert",
            ),
            rx.el.div(
                rx.el.button("Switch", type="submit", class_name="btn danger solid"),
                button("Stay with Outlook 365", press=SwitchingState.close),
                class_name="acts",
            ),
            on_submit=SwitchingState.switch,
            no_validate=True,
        ),
        open=SwitchingState.is_open,
        label="Switch the calendar provider",
        kind="ask roomy",
        on_close=SwitchingState.close,
    )


def _to() -> rx.Component:
    return rx.el.div(
        rx.el.label("Switch to", html_for="switch-to"),
        rx.el.div(
            rx.el.select(
                *(rx.el.option(one.label, value=one.value) for one in OTHERS),
                id="switch-to",
                default_value=SwitchingState.to,
                on_change=SwitchingState.choose,
            ),
            class_name="ctl sel",
        ),
        class_name="s-x wide",
    )


def _events() -> rx.Component:
    return rx.el.fieldset(
        rx.el.legend("Appointments in the host calendar"),
        _choice("keep", "Leave them there", chosen=True),
        _choice("remove", "Remove them there; agents are told by Microsoft"),
        class_name="s-x wide",
    )


def _choice(value: str, words: str, *, chosen: bool = False) -> rx.Component:
    return rx.el.label(
        rx.el.input(type="radio", name="events", value=value, default_checked=chosen),
        words,
        class_name="way",
    )


def _typed() -> rx.Component:
    return rx.el.div(
        rx.el.label(f"Type “{SwitchingState.word}” to confirm", html_for="switch-word"),
        rx.el.div(
            rx.el.input(id="switch-word", name="typed", auto_complete="off"),
            class_name="ctl",
        ),
        class_name="s-x wide",
    )


def _said(sentence: Text) -> rx.Component:
    return rx.el.li(sentence)
