"""Show the actions of a customer; important ones ask for confirmation."""

import reflex as rx

from invo_booking.texts import say
from invo_booking.web.core.routes import Done
from invo_booking.web.customer.links import visit_calendar_file_address
from invo_booking.web.customer.state import StatusState
from invo_booking.web.customer.waiting import visit_refusal
from invo_booking.web.kit.browser import question_heading
from invo_booking.web.kit.icons import icon
from invo_booking.web.kit.parts import alert, plain_link, submit_button
from invo_booking.web.kit.picker.parts import slot_buttons, time_picker
from invo_booking.web.kit.picker.state import PickerState

VIEW = StatusState.visit


def visit_actions() -> rx.Component:
    """Return the open panel, if any, and the list of actions."""
    return rx.el.section(
        rx.el.h2(say("customer.actions.heading"), class_name="vh", id="do"),
        rx.match(
            StatusState.panel,
            ("cancel", _cancel_panel()),
            ("late", _late_panel()),
            ("move", _move_panel()),
            rx.fragment(),
        ),
        rx.cond(
            (StatusState.panel == "") | (StatusState.panel == "address"), _action_list()
        ),
        class_name="tight",
        aria_labelledby="do",
    )


def _action_list() -> rx.Component:
    return rx.el.ul(
        rx.cond(VIEW.can_add, rx.el.li(_calendar_link(), class_name="first")),
        rx.cond(VIEW.can_note_late, rx.el.li(_late_button())),
        rx.cond(
            VIEW.can_move,
            rx.el.li(_panel_button("swap", say("customer.move.heading"), "move")),
        ),
        rx.cond(
            VIEW.can_cancel,
            rx.el.li(
                _panel_button("off", say("customer.cancel.open"), "cancel", "stop")
            ),
        ),
        class_name="links",
    )


def _calendar_link() -> rx.Component:
    return plain_link(
        icon("add", 20),
        say("customer.actions.add_to_calendar"),
        icon("right", look="end"),
        href=visit_calendar_file_address(),
        download="appointment.ics",
    )


def _late_button() -> rx.Component:
    return rx.cond(
        VIEW.is_late_noted,
        rx.fragment(
            rx.el.p(icon("tick", 20), say("customer.late.known"), class_name="told"),
            rx.el.button(
                icon("undo", 20),
                say("customer.late.withdraw"),
                type="button",
                on_click=StatusState.withdraw_late_report,
            ),
            visit_refusal(Done.IN_TIME),
        ),
        _panel_button("timer", say("customer.late.open"), "late"),
    )


def _panel_button(mark: str, label: str, panel: str, kind: str = "") -> rx.Component:
    return rx.el.button(
        icon(mark, 20),
        label,
        icon("right", look="end"),
        type="button",
        class_name=kind,
        on_click=StatusState.show_panel(panel),
    )


def _cancel_panel() -> rx.Component:
    return rx.el.form(
        question_heading(say("customer.cancel.heading")),
        rx.el.p(say("customer.cancel.lead"), class_name="quiet"),
        rx.el.div(
            rx.el.label(
                say("customer.cancel.reason"),
                rx.el.i(say("kit.optional")),
                html_for="reason",
            ),
            rx.el.input(id="reason", name="reason", max_length=300),
            class_name="field",
        ),
        visit_refusal(Done.CANCELLED),
        rx.el.div(
            _back_button(say("customer.cancel.keep")),
            submit_button(say("customer.cancel.confirm"), look="danger"),
            class_name="acts",
        ),
        class_name="panel",
        on_submit=StatusState.cancel_appointment,
    )


def _late_panel() -> rx.Component:
    return rx.el.div(
        question_heading(say("customer.late.heading")),
        rx.el.p(
            VIEW.late_lead,
            class_name="quiet",
        ),
        visit_refusal(Done.LATE),
        rx.el.div(
            _back_button(say("public.back")),
            rx.el.button(
                say("customer.late.confirm"),
                type="button",
                class_name="btn primary",
                on_click=StatusState.tell_late,
            ),
            class_name="acts",
        ),
        class_name="panel",
    )


def _move_panel() -> rx.Component:
    return rx.el.div(
        question_heading(say("customer.move.heading")),
        time_picker(PickerState.pick_start),
        visit_refusal(Done.MOVED),
        rx.cond(PickerState.nearest, _nearest_times()),
        rx.el.div(
            _back_button(say("customer.move.keep")),
            rx.cond(
                PickerState.view.picked,
                rx.el.p(rx.el.b(PickerState.view.picked_short), class_name="chosen"),
            ),
            rx.el.button(
                say("customer.move.confirm"),
                type="button",
                class_name="btn primary",
                disabled=PickerState.view.picked == "",
                on_click=StatusState.move_appointment,
            ),
            class_name="acts",
        ),
        class_name="panel",
    )


def _nearest_times() -> rx.Component:
    return alert(
        rx.el.p(say("public.nearest")),
        slot_buttons(PickerState.nearest, PickerState.pick_start),
    )


def _back_button(label: str) -> rx.Component:
    return rx.el.button(
        icon("left", 20),
        label,
        type="button",
        class_name="btn bare",
        on_click=StatusState.show_panel(""),
    )
