"""The form for a new appointment, where the drawer is otherwise."""

import reflex as rx

from invo_booking.domain.contact import NOTES_LIMIT
from invo_booking.web.appointment.draft_state import DraftState
from invo_booking.web.appointment.start_picker import start_picker
from invo_booking.web.appointment.starts_state import TimesState
from invo_booking.web.kit import fields
from invo_booking.web.kit.form import form
from invo_booking.web.kit.parts import alert, button, icon_button
from invo_booking.web.kit.unsaved import discards

START = DraftState.start
ERRORS = DraftState.errors


def draft() -> rx.Component:
    """The form, or nothing."""
    return rx.cond(
        DraftState.is_open,
        rx.el.aside(
            rx.el.header(
                rx.el.div(
                    rx.el.h2("New appointment", id="draft-title"),
                    rx.el.span(class_name="grow"),
                    icon_button(
                        "x", "Close", DraftState.close, custom_attrs=discards()
                    ),
                    class_name="row",
                ),
                rx.el.p("It is confirmed at once, and the customer is told by mail."),
            ),
            alert(DraftState.problem, DraftState.dismiss),
            _form(),
            class_name="drawer",
            custom_attrs={"aria-labelledby": "draft-title"},
        ),
    )


def _form() -> rx.Component:
    return form(
        rx.el.div(_what(), _when(), _who(), class_name="scroll form"),
        rx.el.footer(
            rx.el.button("Make appointment", type="submit", class_name="btn primary"),
            button("Close", press=DraftState.close, custom_attrs=discards()),
        ),
        submit=DraftState.submit,
        makes=True,
        of_address=False,
        key=START.key,
    )


def _what() -> rx.Component:
    return rx.fragment(
        fields.choice(
            "answer",
            "Topic",
            ERRORS,
            DraftState.answers,
            rx.el.option("Another topic", value=""),
            on_change=DraftState.choose,
            auto_focus=True,
        ),
        rx.cond(START.answer == "", _own_topic()),
        rx.el.div(
            fields.choice(
                "language",
                "Language",
                ERRORS,
                DraftState.languages,
                default_value=START.language,
                on_change=TimesState.look("language"),
            ),
            fields.choice("channel", "How", ERRORS, DraftState.channels),
            class_name="two",
        ),
    )


def _own_topic() -> rx.Component:
    return rx.fragment(
        fields.line("title", "What it is about", ERRORS),
        fields.choice(
            "queue",
            "Queue",
            ERRORS,
            DraftState.queues,
            default_value=START.queue,
            on_change=TimesState.look("queue"),
        ),
    )


def _when() -> rx.Component:
    return rx.fragment(
        fields.choice(
            "agent",
            "Agent",
            ERRORS,
            DraftState.agents,
            default_value=START.agent,
            on_change=TimesState.look("agent"),
        ),
        fields.line(
            "day", "Day", ERRORS, START.day, "date", on_change=TimesState.look("day")
        ),
        rx.el.div(
            rx.el.div(
                fields.line(
                    "starts",
                    "Time",
                    ERRORS,
                    TimesState.clock,
                    "time",
                    on_blur=TimesState.look("starts"),
                ),
                key=TimesState.stamp,
            ),
            rx.el.div(
                fields.line(
                    "minutes",
                    "Minutes",
                    ERRORS,
                    START.minutes,
                    "number",
                    on_blur=TimesState.look("minutes"),
                ),
                key=START.minutes,
            ),
            class_name="two",
        ),
        start_picker(),
    )


def _who() -> rx.Component:
    return rx.fragment(
        fields.line("name", "Customer's name", ERRORS),
        fields.line("email", "E-mail", ERRORS, "", "email"),
        fields.line("phone", "Phone", ERRORS, "", "tel"),
        fields.note("notes", "Notes", ERRORS, limit=NOTES_LIMIT),
        rx.cond(DraftState.is_customer_busy, _all_the_same()),
    )


def _all_the_same() -> rx.Component:
    """For two people of one family who share a mailbox."""
    return rx.el.label(
        rx.el.input(type="checkbox", name="despite_overlap"),
        " Make it although the customer has another appointment then",
    )
