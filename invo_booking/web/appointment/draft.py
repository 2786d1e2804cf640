"""The form for a new appointment, where the drawer is otherwise."""

import reflex as rx

from invo_booking.domain.contact import NOTES_LIMIT
from invo_booking.web.appointment.draft_state import DraftState
from invo_booking.web.appointment.start_picker import start_picker
from invo_booking.web.appointment.starts_state import TimesState
from invo_booking.web.kit import fields
from invo_booking.web.kit.form import staff_form
from invo_booking.web.kit.parts import button, icon_button, problem_alert
from invo_booking.web.kit.unsaved import discard_attributes

START = DraftState.start
ERRORS = DraftState.errors


def draft_drawer() -> rx.Component:
    """The form, or nothing."""
    return rx.cond(
        DraftState.is_open,
        rx.el.aside(
            rx.el.header(
                rx.el.div(
                    rx.el.h2("New appointment", id="draft-title"),
                    rx.el.span(class_name="grow"),
                    icon_button(
                        "x",
                        "Close",
                        DraftState.close_draft,
                        custom_attrs=discard_attributes(),
                    ),
                    class_name="row",
                ),
                rx.el.p(
                    "It is confirmed at once. With an e-mail address, the customer "
                    "gets a mail."
                ),
            ),
            problem_alert(DraftState.problem, DraftState.dismiss_notices),
            _draft_form(),
            class_name="drawer",
            custom_attrs={"aria-labelledby": "draft-title"},
        ),
    )


def _draft_form() -> rx.Component:
    return staff_form(
        rx.el.div(
            _topic_fields(),
            _time_fields(),
            _customer_fields(),
            class_name="scroll form",
        ),
        rx.el.footer(
            rx.el.button("Make appointment", type="submit", class_name="btn primary"),
            button(
                "Close", press=DraftState.close_draft, custom_attrs=discard_attributes()
            ),
        ),
        submit=DraftState.submit_draft,
        makes=True,
        of_address=False,
        key=START.key,
    )


def _topic_fields() -> rx.Component:
    return rx.fragment(
        fields.select_field(
            "answer",
            "Topic",
            ERRORS,
            DraftState.answers,
            rx.el.option("Another topic", value=""),
            on_change=DraftState.choose_answer,
            auto_focus=True,
        ),
        rx.cond(START.answer == "", _own_topic_fields()),
        rx.el.div(
            fields.select_field(
                "language",
                "Language",
                ERRORS,
                DraftState.languages,
                default_value=START.language,
                on_change=TimesState.change_field("language"),
            ),
            fields.select_field("channel", "How", ERRORS, DraftState.channels),
            class_name="two",
        ),
    )


def _own_topic_fields() -> rx.Component:
    return rx.fragment(
        fields.text_field("title", "What it is about", ERRORS),
        fields.select_field(
            "queue",
            "Queue",
            ERRORS,
            DraftState.queues,
            default_value=START.queue,
            on_change=TimesState.change_field("queue"),
        ),
    )


def _time_fields() -> rx.Component:
    return rx.fragment(
        fields.select_field(
            "agent",
            "Agent",
            ERRORS,
            DraftState.agents,
            default_value=START.agent,
            on_change=TimesState.change_field("agent"),
        ),
        fields.text_field(
            "day",
            "Day",
            ERRORS,
            START.day,
            "date",
            on_change=TimesState.change_field("day"),
        ),
        rx.el.div(
            rx.el.div(
                fields.text_field(
                    "starts",
                    "Time",
                    ERRORS,
                    TimesState.clock,
                    "time",
                    on_blur=TimesState.change_field("starts"),
                ),
                key=TimesState.stamp,
            ),
            rx.el.div(
                fields.text_field(
                    "minutes",
                    "Minutes",
                    ERRORS,
                    START.minutes,
                    "number",
                    on_blur=TimesState.change_field("minutes"),
                ),
                key=START.minutes,
            ),
            class_name="two",
        ),
        start_picker(),
    )


def _customer_fields() -> rx.Component:
    return rx.fragment(
        fields.text_field("name", "Customer's name", ERRORS),
        fields.text_field("email", "E-mail", ERRORS, "", "email"),
        fields.text_field("phone", "Phone", ERRORS, "", "tel"),
        fields.text_area("notes", "Notes", ERRORS, limit=NOTES_LIMIT),
        rx.cond(DraftState.is_customer_busy, _overlap_box()),
    )


def _overlap_box() -> rx.Component:
    """For two people of one family who share a mailbox."""
    return rx.el.label(
        rx.el.input(type="checkbox", name="despite_overlap"),
        " Make it although the customer has another appointment then",
    )
