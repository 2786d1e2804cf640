"""One appointment at the right: read, assign, edit in place, cancel."""

import reflex as rx

from invo_booking.domain.contact import NOTES_LIMIT
from invo_booking.web.components.staff import fields
from invo_booking.web.components.staff.conflicts import conflict_notice
from invo_booking.web.components.staff.icons import icon
from invo_booking.web.components.staff.parts import (
    Text,
    alert,
    button,
    hidden,
    icon_button,
    tag,
)
from invo_booking.web.components.staff.start_picker import start_picker
from invo_booking.web.presenters.drawer import CandidateView, HistoryView, OptionView
from invo_booking.web.states.drawer import DrawerState
from invo_booking.web.states.times import TimesState

SEEN = DrawerState.seen


def drawer() -> rx.Component:
    """The open appointment, or nothing."""
    return rx.cond(
        DrawerState.mode != "",
        rx.el.aside(
            _head(),
            alert(DrawerState.problem, DrawerState.switch("view")),
            rx.match(
                DrawerState.mode,
                ("edit", _edit()),
                ("cancel", _cancel()),
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
            icon_button("x", "Close", DrawerState.close),
            class_name="row",
        ),
        rx.el.h2(
            rx.cond(SEEN.id != "", SEEN.title, "Not to be opened"), id="drawer-title"
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
        rx.el.p(DrawerState.said, class_name="small muted", role="status"),
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
            button("Keep waiting", press=DrawerState.keep_waiting, look="sm"),
            button(
                "Cancel as late",
                press=DrawerState.cancel_as_late,
                look="sm danger solid",
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
                button("Take it", press=DrawerState.take, look="sm primary"),
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
            rx.Var.create(SEEN.candidates).length() > 0,
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
            button("Un-assign", press=DrawerState.assign(""), look="sm"),
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
                on_click=DrawerState.assign(one.id),
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


def _edit() -> rx.Component:
    errors = DrawerState.errors
    return rx.el.form(
        rx.el.div(
            fields.line(
                "day",
                "Day",
                errors,
                SEEN.day,
                "date",
                on_change=TimesState.look("day"),
            ),
            rx.el.div(
                _clock("starts", "From", TimesState.clock),
                _clock("ends", "To", TimesState.until),
                class_name="two",
                key=TimesState.stamp,
            ),
            start_picker(),
            fields.line("name", "Name", errors, SEEN.name),
            fields.line("email", "E-mail", errors, SEEN.email, "email"),
            fields.line("phone", "Phone", errors, SEEN.phone, "tel"),
            fields.choice(
                "channel", "How", errors, CHANNELS, default_value=SEEN.channel
            ),
            fields.note("notes", "Notes", errors, SEEN.notes, limit=NOTES_LIMIT),
            class_name="scroll form",
        ),
        rx.el.footer(
            rx.el.button("Save", type="submit", class_name="btn primary"),
            button("Back", press=DrawerState.switch("view")),
        ),
        on_submit=DrawerState.save,
        no_validate=True,
        key=SEEN.id,
    )


def _clock(name: str, label: str, value: Text) -> rx.Component:
    look = TimesState.look(name)
    return fields.line(name, label, DrawerState.errors, value, "time", on_blur=look)


CHANNELS = [
    OptionView("video", "Video call"),
    OptionView("phone", "Phone call"),
    OptionView("branch", "At the branch"),
]


def _cancel() -> rx.Component:
    return rx.el.form(
        rx.el.div(
            rx.el.p(
                f"{SEEN.name} is told by mail that the appointment on {SEEN.when}, "
                f"{SEEN.span}, is cancelled, and why.",
            ),
            fields.note("reason", "Reason", DrawerState.errors),
            class_name="scroll form",
        ),
        rx.el.footer(
            rx.el.button(
                "Cancel appointment", type="submit", class_name="btn danger solid"
            ),
            button("Keep it", press=DrawerState.switch("view")),
        ),
        on_submit=DrawerState.cancel,
        no_validate=True,
    )
