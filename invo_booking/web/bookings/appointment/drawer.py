"""The drawer at the right: one appointment, to read, assign, edit and cancel."""

import reflex as rx

from invo_booking.texts import say
from invo_booking.web.bookings.appointment.conflict_notice import conflict_notice
from invo_booking.web.bookings.appointment.drawer_forms import (
    appointment_cancel_form,
    appointment_edit_form,
)
from invo_booking.web.bookings.appointment.drawer_state import DrawerState
from invo_booking.web.bookings.appointment.drawer_view import CandidateView, HistoryView
from invo_booking.web.bookings.appointment.personal_offer import (
    appointment_offer_warning,
)
from invo_booking.web.kit.icons import icon
from invo_booking.web.kit.parts import (
    button,
    hidden_text,
    icon_button,
    place_lines,
    problem_alert,
    staff_room_link,
    status_tag,
)
from invo_booking.web.kit.tables import each
from invo_booking.web.kit.typed import Text, has_items
from invo_booking.web.kit.unsaved import discard_attributes

SEEN = DrawerState.seen


def appointment_drawer() -> rx.Component:
    """The open appointment; nothing while the drawer is closed."""
    return rx.cond(
        DrawerState.mode != "",
        rx.el.aside(
            _drawer_head(),
            problem_alert(DrawerState.problem, DrawerState.dismiss_notices),
            rx.match(
                DrawerState.mode,
                ("edit", appointment_edit_form()),
                ("cancel", appointment_cancel_form()),
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
                say("kit.close"),
                DrawerState.close_drawer,
                custom_attrs=discard_attributes(),
            ),
            class_name="row",
        ),
        rx.el.h2(
            rx.cond(
                SEEN.id != "",
                SEEN.title,
                rx.cond(
                    DrawerState.done != "", say("drawer.made"), say("drawer.hidden")
                ),
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
                appointment_offer_warning(SEEN),
                rx.cond(SEEN.may_assign, _assign_section(), _agent_section()),
                rx.cond(SEEN.notes != "", _notes_section()),
                _history_section(),
                class_name="scroll",
                tab_index=0,
                role="group",
                aria_label=say("drawer.details"),
            ),
            _drawer_actions(),
        ),
        rx.el.p(DrawerState.done, class_name="note", role="status"),
    )


def _fact_list() -> rx.Component:
    return rx.el.section(
        rx.el.dl(
            *_fact_rows(
                "clock", say("drawer.when"), f"{SEEN.when}, {SEEN.span}", SEEN.lasts
            ),
            *_fact_rows("user", say("drawer.who"), SEEN.name, SEEN.contact),
            *_fact_rows(SEEN.how_icon, say("drawer.how"), SEEN.how, SEEN.how_note),
            *_fact_rows("globe", say("drawer.queue"), SEEN.group, ""),
            rx.cond(SEEN.place.name, _place_rows()),
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
        aria_label=say("drawer.facts"),
    )


def _send_button() -> rx.Component:
    return rx.fragment(
        rx.cond(
            SEEN.may_send,
            rx.el.p(
                button(
                    icon("mail", 14),
                    say("drawer.send_again"),
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


def _place_rows() -> rx.Component:
    return rx.fragment(
        rx.el.dt(icon("branch"), hidden_text(say("drawer.where"))),
        rx.el.dd(place_lines(SEEN.place)),
    )


def _join_link() -> rx.Component:
    return rx.el.p(
        staff_room_link(SEEN.join, name="btn sm primary"),
        class_name="join",
    )


def _late_actions() -> rx.Component:
    return rx.el.section(
        rx.el.h3(say("drawer.late")),
        rx.el.div(
            rx.cond(
                SEEN.may_wait,
                button(
                    say("late.keep_waiting"),
                    press=DrawerState.keep_waiting(SEEN.version),
                    look="sm",
                ),
            ),
            rx.cond(
                SEEN.may_end_late,
                button(
                    say("late.cancel"),
                    press=DrawerState.cancel_as_late(SEEN.version),
                    look="sm danger solid",
                ),
            ),
            class_name="pair",
        ),
    )


def _agent_section() -> rx.Component:
    return rx.el.section(
        rx.el.h3(say("calendar.agent")),
        rx.el.div(
            rx.el.span(
                rx.cond(SEEN.is_assigned, SEEN.agent, say("unassigned.heading")),
                rx.el.small(SEEN.because),
            ),
            rx.cond(
                SEEN.may_take,
                button(
                    say("drawer.take"),
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
            rx.cond(
                SEEN.is_assigned,
                say("drawer.assign.another"),
                say("drawer.assign.first"),
            ),
            rx.el.span(say("drawer.assign.needs", time=SEEN.span)),
        ),
        rx.cond(
            has_items(SEEN.candidates),
            rx.el.ul(each(SEEN.candidates, _candidate_row), class_name="assign"),
            rx.el.p(say("drawer.assign.nobody"), class_name="muted"),
        ),
        aria_label=say("drawer.assign.label"),
    )


def _current_agent() -> rx.Component:
    return rx.fragment(
        rx.el.h3(say("calendar.agent")),
        rx.el.div(
            rx.el.span(SEEN.agent, rx.el.small(SEEN.because)),
            button(
                say("drawer.assign.remove"),
                press=DrawerState.assign_agent("", SEEN.version),
                look="sm",
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
                say("drawer.assign.assign"),
                hidden_text(say("drawer.assign.assign_to", name=one.name)),
                type="button",
                class_name=rx.cond(one.best, "btn primary sm", "btn sm"),
                on_click=DrawerState.assign_agent(one.id, SEEN.version),
            ),
        ),
        class_name=rx.cond(one.best, "best", ""),
    )


def _notes_section() -> rx.Component:
    return rx.el.section(
        rx.el.h3(say("drawer.field.notes")), rx.el.p(SEEN.notes, class_name="note")
    )


def _history_section() -> rx.Component:
    return rx.el.section(
        rx.el.h3(say("drawer.history")),
        rx.el.ol(each(SEEN.history, _history_row), class_name="hist"),
    )


def _history_row(line: HistoryView) -> rx.Component:
    return rx.el.li(rx.el.time(line.at), rx.el.span(line.sentence))


def _drawer_actions() -> rx.Component:
    return rx.cond(
        SEEN.may_edit | SEEN.may_cancel,
        rx.el.footer(
            rx.cond(
                SEEN.may_edit,
                button(say("drawer.edit"), press=DrawerState.switch_mode("edit")),
            ),
            rx.cond(
                SEEN.may_cancel,
                button(
                    say("drawer.cancel"),
                    press=DrawerState.switch_mode("cancel"),
                    look="danger",
                ),
            ),
        ),
    )
