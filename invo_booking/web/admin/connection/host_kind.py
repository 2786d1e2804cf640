"""Choose the kind of host calendar, and confirm a switch to the other kind."""

import reflex as rx

from invo_booking.texts import say
from invo_booking.web.admin.connection.host_kind_state import HostKindState
from invo_booking.web.admin.connection.host_views import HostKindView
from invo_booking.web.admin.connection.state import AddonState
from invo_booking.web.admin.connection.step_parts import connection_step
from invo_booking.web.admin.connection.switching import connection_switch_dialog
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
    return connection_switch_dialog(
        HostKindState,
        heading=say("connection.host_kind.switch"),
        word_id="host-word",
        keep=[say("connection.host_kind.keep")],
        submit=HostKindState.switch_host,
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
