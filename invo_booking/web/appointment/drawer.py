"""One appointment at the right: read, assign, edit in place, cancel."""

import reflex as rx

from invo_booking.web.appointment.conflicts import conflict_notice
from invo_booking.web.appointment.drawer_forms import cancel_form, edit_form
from invo_booking.web.appointment.drawer_state import DrawerState
from invo_booking.web.appointment.drawer_view import CandidateView, HistoryView
from invo_booking.web.kit.icons import icon
from invo_booking.web.kit.parts import alert, button, hidden, icon_button, tag
from invo_booking.web.kit.typed import Text, has_items
from invo_booking.web.kit.unsaved import discards

SEEN = DrawerState.seen


def drawer() -> rx.Component:
    """The open appointment, or nothing."""
    return rx.cond(
        DrawerState.mode != "",
        rx.el.aside(
            _head(),
            alert(DrawerState.problem, DrawerState.dismiss),
            rx.match(
                DrawerState.mode,
                ("edit", edit_form()),
                ("cancel", cancel_form()),
                _read(),
            ),
            class_name="drawer",
            custom_attrs={"aria-labelledby": "drawer-title"},
        ),
    )


def _head() -> rx.Component:
    return rx.el.header(
        rx.el.div(
            rx.cond(SEEN.id != "", tag(SEEN.kind, SEEN.icon, SEEN.word)),
            rx.el.span(class_name="grow"),
            icon_button("x", "Close", DrawerState.close, custom_attrs=discards()),
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


def _read() -> rx.Component:
    return rx.cond(
        SEEN.id != "",
        rx.fragment(
            rx.el.div(
                conflict_notice(),
                _facts(),
                rx.cond(SEEN.is_late, _late()),
                rx.cond(
                    SEEN.waits != "",
                    rx.el.p(
                        icon("clock", 14), SEEN.waits, class_name="note", role="status"
                    ),
                ),
                rx.cond(SEEN.may_assign, _assign(), _agent()),
                rx.cond(SEEN.notes != "", _notes()),
                _history(),
                class_name="scroll",
                tab_index=0,
                role="group",
                aria_label="Appointment details",
            ),
            _actions(),
        ),
        rx.el.p(DrawerState.done, class_name="note", role="status"),
    )


def _facts() -> rx.Component:
    return rx.el.section(
        rx.el.dl(
            *_fact("clock", "When", f"{SEEN.when}, {SEEN.span}", SEEN.lasts),
            *_fact("user", "Who", SEEN.name, SEEN.contact),
            *_fact(SEEN.how_icon, "How", SEEN.how, SEEN.how_note),
            *_fact("globe", "Queue and language", SEEN.group, ""),
            class_name="facts",
        ),
        rx.cond(SEEN.join != "", _join()),
        rx.cond(SEEN.reason != "", rx.el.p(SEEN.reason, class_name="note")),
        rx.cond(
            SEEN.trouble != "",
            rx.el.p(icon("mail", 14), SEEN.trouble, class_name="note bad"),
        ),
        rx.cond(
            SEEN.unchecked != "",
            rx.el.p(icon("warn", 14), SEEN.unchecked, class_name="note"),
        ),
        _send_again(),
        aria_label="Who, when and how",
    )


def _send_again() -> rx.Component:
    return rx.fragment(
        rx.cond(
            SEEN.may_send,
            rx.el.p(
                button(
                    icon("mail", 14),
                    "Send confirmation again",
                    press=DrawerState.send_again(DrawerState.press_key),
                    look="sm",
                ),
            ),
        ),
        rx.el.p(DrawerState.done, class_name="small muted", role="status"),
    )


def _fact(picture: Text, name: str, text: Text, small: Text) -> list[rx.Component]:
    return [
        rx.el.dt(icon(picture), hidden(name)),
        rx.el.dd(text, rx.el.small(small)),
    ]


def _join() -> rx.Component:
    return rx.el.p(
        rx.el.a(
            icon("video", 14),
            "Join in Teams",
            hidden(", opens a new tab"),
            href=SEEN.join,
            target="_blank",
            rel="noopener noreferrer",
            class_name="btn sm primary",
        ),
        class_name="join",
    )


def _late() -> rx.Component:
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


def _agent() -> rx.Component:
    return rx.el.section(
        rx.el.h3("Agent"),
        rx.el.div(
            rx.el.span(
                rx.cond(SEEN.is_assigned, SEEN.agent, "Nobody yet"),
                rx.el.small(SEEN.because),
            ),
            rx.cond(
                SEEN.may_take,
                button(
                    "Take it",
                    press=DrawerState.take(SEEN.version),
                    look="sm primary",
                ),
            ),
            class_name="holder",
        ),
    )


def _assign() -> rx.Component:
    return rx.el.section(
        rx.cond(SEEN.is_assigned, _assigned()),
        rx.el.h3(
            rx.cond(SEEN.is_assigned, "Give to somebody else", "Assign to"),
            rx.el.span(f"Needs {SEEN.span}"),
        ),
        rx.cond(
            has_items(SEEN.candidates),
            rx.el.ul(rx.foreach(SEEN.candidates, _candidate), class_name="assign"),
            rx.el.p(
                "Nobody else serves this queue in this language.", class_name="muted"
            ),
        ),
        aria_label="Assignment",
    )


def _assigned() -> rx.Component:
    return rx.fragment(
        rx.el.h3("Agent"),
        rx.el.div(
            rx.el.span(SEEN.agent, rx.el.small(SEEN.because)),
            button("Un-assign", press=DrawerState.assign("", SEEN.version), look="sm"),
            class_name="holder",
        ),
    )


def _candidate(one: CandidateView) -> rx.Component:
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
                hidden(f" to {one.name}, free"),
                type="button",
                class_name=rx.cond(one.best, "btn primary sm", "btn sm"),
                on_click=DrawerState.assign(one.id, SEEN.version),
            ),
        ),
        class_name=rx.cond(one.best, "best", ""),
    )


def _notes() -> rx.Component:
    return rx.el.section(rx.el.h3("Notes"), rx.el.p(SEEN.notes, class_name="note"))


def _history() -> rx.Component:
    return rx.el.section(
        rx.el.h3("History"),
        rx.el.ol(rx.foreach(SEEN.history, _happened), class_name="hist"),
    )


def _happened(line: HistoryView) -> rx.Component:
    return rx.el.li(rx.el.time(line.at), rx.el.span(line.sentence))


def _actions() -> rx.Component:
    return rx.cond(
        SEEN.may_edit | SEEN.may_cancel,
        rx.el.footer(
            rx.cond(SEEN.may_edit, button("Edit", press=DrawerState.switch("edit"))),
            rx.cond(
                SEEN.may_cancel,
                button("Cancel…", press=DrawerState.switch("cancel"), look="danger"),
            ),
        ),
    )
