"""One appointment at the right: read, assign, edit in place, cancel."""

import reflex as rx

from invo_booking.web.appointment.conflicts import conflict_notice
from invo_booking.web.appointment.drawer_forms import cancel_form, edit_form
from invo_booking.web.appointment.drawer_state import DrawerState
from invo_booking.web.appointment.drawer_view import CandidateView, HistoryView
from invo_booking.web.kit.icons import icon
from invo_booking.web.kit.parts import (
    button,
    hidden_text,
    icon_button,
    problem_alert,
    status_tag,
)
from invo_booking.web.kit.tables import each
from invo_booking.web.kit.typed import Text, has_items
from invo_booking.web.kit.unsaved import discard_attributes

SEEN = DrawerState.seen


def appointment_drawer() -> rx.Component:
    """The open appointment, or nothing."""
    return rx.cond(
        DrawerState.mode != "",
        rx.el.aside(
            _drawer_head(),
            problem_alert(DrawerState.problem, DrawerState.dismiss_notices),
            rx.match(
                DrawerState.mode,
                ("edit", edit_form()),
                ("cancel", cancel_form()),
                _details(),
            ),
            class_name="drawer",
            custom_attrs={"aria-labelledby": "drawer-title"},
        ),
    )


def _drawer_head() -> rx.Component:
    return rx.el.header(
        rx.el.div(
            rx.cond(SEEN.id != "", status_tag(SEEN.kind, SEEN.icon, SEEN.word)),
            rx.el.span(class_name="grow"),
            icon_button(
                "x",
                "Close",
                DrawerState.close_drawer,
                custom_attrs=discard_attributes(),
            ),
            class_name="row",
        ),
        rx.el.h2(
            rx.cond(
                SEEN.id != "",
                SEEN.title,
                rx.cond(DrawerState.done != "", "It is made", "Not to be opened"),
            ),
            id="drawer-title",
        ),
        rx.el.p(SEEN.name, rx.cond(SEEN.until != "", f" · {SEEN.until}", "")),
    )


def _details() -> rx.Component:
    return rx.cond(
        SEEN.id != "",
        rx.fragment(
            rx.el.div(
                conflict_notice(),
                _fact_list(),
                rx.cond(SEEN.is_late, _late_actions()),
                rx.cond(
                    SEEN.waits != "",
                    rx.el.p(
                        icon("clock", 14), SEEN.waits, class_name="note", role="status"
                    ),
                ),
                rx.cond(SEEN.may_assign, _assign_section(), _agent_section()),
                rx.cond(SEEN.notes != "", _notes_section()),
                _history_section(),
                class_name="scroll",
                tab_index=0,
                role="group",
                aria_label="Appointment details",
            ),
            _drawer_actions(),
        ),
        rx.el.p(DrawerState.done, class_name="note", role="status"),
    )


def _fact_list() -> rx.Component:
    return rx.el.section(
        rx.el.dl(
            *_fact_rows("clock", "When", f"{SEEN.when}, {SEEN.span}", SEEN.lasts),
            *_fact_rows("user", "Who", SEEN.name, SEEN.contact),
            *_fact_rows(SEEN.how_icon, "How", SEEN.how, SEEN.how_note),
            *_fact_rows("globe", "Queue and language", SEEN.group, ""),
            class_name="facts",
        ),
        rx.cond(SEEN.join != "", _join_link()),
        rx.cond(SEEN.reason != "", rx.el.p(SEEN.reason, class_name="note")),
        rx.cond(
            SEEN.trouble != "",
            rx.el.p(icon("mail", 14), SEEN.trouble, class_name="note bad"),
        ),
        rx.cond(
            SEEN.unchecked != "",
            rx.el.p(icon("warn", 14), SEEN.unchecked, class_name="note"),
        ),
        _send_button(),
        aria_label="Who, when and how",
    )


def _send_button() -> rx.Component:
    return rx.fragment(
        rx.cond(
            SEEN.may_send,
            rx.el.p(
                button(
                    icon("mail", 14),
                    "Send confirmation again",
                    press=DrawerState.send_confirmation(DrawerState.press_key),
                    look="sm",
                ),
            ),
        ),
        rx.el.p(DrawerState.done, class_name="small muted", role="status"),
    )


def _fact_rows(picture: Text, name: str, text: Text, small: Text) -> list[rx.Component]:
    return [
        rx.el.dt(icon(picture), hidden_text(name)),
        rx.el.dd(text, rx.el.small(small)),
    ]


def _join_link() -> rx.Component:
    return rx.el.p(
        rx.el.a(
            icon("video", 14),
            "Join in Teams",
            hidden_text(", opens a new tab"),
            href=SEEN.join,
            target="_blank",
            rel="noopener noreferrer",
            class_name="btn sm primary",
        ),
        class_name="join",
    )


def _late_actions() -> rx.Component:
    return rx.el.section(
        rx.el.h3("The customer is late"),
        rx.el.div(
            rx.cond(
                SEEN.may_wait,
                button(
                    "Keep waiting",
                    press=DrawerState.keep_waiting(SEEN.version),
                    look="sm",
                ),
            ),
            rx.cond(
                SEEN.may_end_late,
                button(
                    "Cancel as late",
                    press=DrawerState.cancel_as_late(SEEN.version),
                    look="sm danger solid",
                ),
            ),
            class_name="pair",
        ),
    )


def _agent_section() -> rx.Component:
    return rx.el.section(
        rx.el.h3("Agent"),
        rx.el.div(
            rx.el.span(
                rx.cond(SEEN.is_assigned, SEEN.agent, "Unassigned"),
                rx.el.small(SEEN.because),
            ),
            rx.cond(
                SEEN.may_take,
                button(
                    "Take it",
                    press=DrawerState.take_appointment(SEEN.version),
                    look="sm primary",
                ),
            ),
            class_name="holder",
        ),
    )


def _assign_section() -> rx.Component:
    return rx.el.section(
        rx.cond(SEEN.is_assigned, _current_agent()),
        rx.el.h3(
            rx.cond(SEEN.is_assigned, "Give to another agent", "Assign to"),
            rx.el.span(f"Needs {SEEN.span}"),
        ),
        rx.cond(
            has_items(SEEN.candidates),
            rx.el.ul(each(SEEN.candidates, _candidate_row), class_name="assign"),
            rx.el.p(
                "Nobody else serves this queue in this language.", class_name="muted"
            ),
        ),
        aria_label="Assignment",
    )


def _current_agent() -> rx.Component:
    return rx.fragment(
        rx.el.h3("Agent"),
        rx.el.div(
            rx.el.span(SEEN.agent, rx.el.small(SEEN.because)),
            button(
                "Un-assign", press=DrawerState.assign_agent("", SEEN.version), look="sm"
            ),
            class_name="holder",
        ),
    )


def _candidate_row(one: CandidateView) -> rx.Component:
    return rx.el.li(
        rx.el.span(one.initials, class_name="av", aria_hidden="true"),
        rx.el.span(
            rx.el.span(one.name),
            rx.el.span(
                rx.el.span(class_name=f"dot {one.dot}", aria_hidden="true"),
                rx.el.span(one.why),
                class_name="state",
            ),
            class_name="w",
        ),
        rx.cond(
            one.free,
            rx.el.button(
                "Assign",
                hidden_text(f" to {one.name}, free"),
                type="button",
                class_name=rx.cond(one.best, "btn primary sm", "btn sm"),
                on_click=DrawerState.assign_agent(one.id, SEEN.version),
            ),
        ),
        class_name=rx.cond(one.best, "best", ""),
    )


def _notes_section() -> rx.Component:
    return rx.el.section(rx.el.h3("Notes"), rx.el.p(SEEN.notes, class_name="note"))


def _history_section() -> rx.Component:
    return rx.el.section(
        rx.el.h3("History"),
        rx.el.ol(each(SEEN.history, _history_row), class_name="hist"),
    )


def _history_row(line: HistoryView) -> rx.Component:
    return rx.el.li(rx.el.time(line.at), rx.el.span(line.sentence))


def _drawer_actions() -> rx.Component:
    return rx.cond(
        SEEN.may_edit | SEEN.may_cancel,
        rx.el.footer(
            rx.cond(
                SEEN.may_edit, button("Edit", press=DrawerState.switch_mode("edit"))
            ),
            rx.cond(
                SEEN.may_cancel,
                button(
                    "Cancel…", press=DrawerState.switch_mode("cancel"), look="danger"
                ),
            ),
        ),
    )
