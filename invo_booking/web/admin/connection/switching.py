"""The dialog to switch to another calendar provider."""

from collections.abc import Sequence
from typing import Any

import reflex as rx

from invo_booking.settings.calendars import PRIMARY_PROVIDER
from invo_booking.texts import say, weave
from invo_booking.web.admin.connection.state import AddonState
from invo_booking.web.admin.connection.switching_state import (
    SwitchDialogState,
    SwitchingState,
)
from invo_booking.web.kit.dialog import dialog
from invo_booking.web.kit.icons import icon
from invo_booking.web.kit.parts import button, submit_button
from invo_booking.web.kit.tables import each
from invo_booking.web.kit.typed import Text

WORDS = AddonState.view.words


def provider_switch_dialog() -> rx.Component:
    """The dialog with the consequences of a switch and the field to confirm it."""
    return connection_switch_dialog(
        SwitchingState,
        _provider_field(),
        heading=say("connection.switch.heading"),
        word_id="switch-word",
        keep=weave("connection.switch.keep", provider=WORDS.label),
        submit=SwitchingState.switch_provider,
    )


def connection_switch_dialog(
    state: type[SwitchDialogState],
    *first: rx.Component,
    heading: str,
    word_id: str,
    keep: Sequence[rx.Component | Text],
    submit: rx.event.EventType[dict[str, Any]],
) -> rx.Component:
    """A dialog with the consequences of a switch and the field to confirm it.

    Args:
        state: State of the dialog.
        *first: Components before the consequences.
        heading: Heading of the dialog.
        word_id: Id of the field for the word that confirms the switch.
        keep: Text of the button that closes the dialog.
        submit: Handler that switches.
    """
    return dialog(
        rx.el.h2(heading),
        rx.el.form(
            *first,
            _consequence_list(state.sentences),
            rx.cond(state.has_events, _event_choices()),
            _confirmation_field(state.word, word_id),
            _problem_line(state.problem),
            rx.el.div(
                submit_button(say("connection.switch.confirm"), look="danger solid"),
                button(*keep, press=state.cancel_switch),
                class_name="acts",
            ),
            on_submit=submit,
            no_validate=True,
        ),
        open=state.is_open,
        label=heading,
        kind="ask roomy",
        on_close=state.cancel_switch,
    )


def _provider_field() -> rx.Component:
    return rx.el.div(
        rx.el.label(say("connection.switch.to"), html_for="switch-to"),
        rx.el.div(
            rx.el.select(
                *(
                    _provider_option(one.value, one.label)
                    for one in PRIMARY_PROVIDER.field.choices
                ),
                id="switch-to",
                default_value=SwitchingState.to,
                on_change=SwitchingState.choose_provider,
            ),
            class_name="ctl sel",
        ),
        class_name="s-x across",
    )


def _provider_option(value: str, label: str) -> rx.Component:
    """A provider to switch to; the current provider is left out."""
    return rx.cond(WORDS.provider != value, rx.el.option(label, value=value))


def _consequence_list(sentences: list[str]) -> rx.Component:
    """The features that stop working after a switch."""
    return rx.el.ul(
        each(sentences, _consequence_row),
        class_name="will",
        aria_label=say("connection.switch.meaning"),
    )


def _problem_line(problem: Text) -> rx.Component:
    """The reason why a switch failed."""
    return rx.el.div(
        rx.cond(
            problem != "",
            rx.el.p(icon("stop", 14), rx.el.span(problem), class_name="msg bad"),
        ),
        role="alert",
    )


def _event_choices() -> rx.Component:
    """The choice of what happens to appointments in the old host calendar."""
    return rx.el.fieldset(
        rx.el.legend(say("connection.switch.events")),
        _event_choice("keep", say("connection.switch.leave"), chosen=True),
        _event_choice("remove", say("connection.switch.remove")),
        class_name="s-x across",
    )


def _event_choice(value: str, words: str, *, chosen: bool = False) -> rx.Component:
    return rx.el.label(
        rx.el.input(type="radio", name="events", value=value, default_checked=chosen),
        words,
        class_name="way",
    )


def _confirmation_field(word: Text, field_id: str) -> rx.Component:
    """The field for the word that confirms a switch."""
    return rx.el.div(
        rx.el.label(
            *weave("admin.type_to_confirm", word=word),
            html_for=field_id,
        ),
        rx.el.div(
            rx.el.input(id=field_id, name="typed", auto_complete="off"),
            class_name="ctl",
        ),
        class_name="s-x across",
    )


def _consequence_row(sentence: Text) -> rx.Component:
    return rx.el.li(sentence)
