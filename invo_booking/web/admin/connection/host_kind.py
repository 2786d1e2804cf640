"""Choose the kind of host calendar, and confirm a switch to the other kind."""

import reflex as rx

from invo_booking.texts import say
from invo_booking.web.admin.connection.host_kind_state import HostKindState
from invo_booking.web.admin.connection.host_views import HostKindView
from invo_booking.web.admin.connection.state import AddonState
from invo_booking.web.admin.connection.step_parts import connection_step
from invo_booking.web.admin.connection.switching import (
    connection_confirmation_field,
    connection_consequences,
    connection_problem,
    host_event_choices,
)
from invo_booking.web.kit.dialog import dialog
from invo_booking.web.kit.parts import button
from invo_booking.web.kit.tables import each

VIEW = AddonState.view


def host_kind_step() -> rx.Component:
    """The kinds of host calendar, with an explanation of each."""
    return connection_step(
        say("connection.host_kind.heading"),
        VIEW.host_kind,
        rx.el.fieldset(
            rx.el.legend(say("connection.host_kind.label"), class_name="vh"),
            each(VIEW.host_kinds, _kind_choice),
            class_name="s-x across",
        ),
    )


def host_switch_dialog() -> rx.Component:
    """The dialog with the consequences of a switch and the field to confirm it."""
    return dialog(
        rx.el.h2(say("connection.host_kind.switch")),
        rx.el.form(
            connection_consequences(HostKindState.sentences),
            rx.cond(HostKindState.has_events, host_event_choices()),
            connection_confirmation_field(HostKindState.word, "host-word"),
            connection_problem(HostKindState.problem),
            rx.el.div(
                rx.el.button(
                    say("connection.switch.confirm"),
                    type="submit",
                    class_name="btn danger solid",
                ),
                button(
                    say("connection.host_kind.keep"), press=HostKindState.cancel_switch
                ),
                class_name="acts",
            ),
            on_submit=HostKindState.switch_host,
            no_validate=True,
        ),
        open=HostKindState.is_open,
        label=say("connection.host_kind.switch"),
        kind="ask roomy",
        on_close=HostKindState.cancel_switch,
    )


def _kind_choice(one: HostKindView) -> rx.Component:
    return rx.el.label(
        rx.el.input(
            type="radio",
            name="host-kind",
            value=one.value,
            checked=one.is_chosen,
            disabled=rx.cond(VIEW.may_switch, False, True),
            on_change=HostKindState.choose_kind(one.value),
        ),
        rx.el.span(one.label, rx.el.small(one.note)),
        class_name="way",
        key=one.value,
    )
