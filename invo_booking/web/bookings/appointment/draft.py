"""The form for a new appointment, shown in place of the drawer."""

import reflex as rx

from invo_booking.domain.contact import NOTES_LIMIT
from invo_booking.texts import say
from invo_booking.web.bookings.appointment.draft_state import DraftState
from invo_booking.web.bookings.appointment.start_picker import appointment_start_picker
from invo_booking.web.bookings.appointment.starts_state import TimesState
from invo_booking.web.kit import fields
from invo_booking.web.kit.calendar.personal import personal_calendar_warning
from invo_booking.web.kit.form import staff_form
from invo_booking.web.kit.parts import button, icon_button, problem_alert, submit_button
from invo_booking.web.kit.typed import has_items
from invo_booking.web.kit.unsaved import discard_attributes

START = DraftState.start
ERRORS = DraftState.errors


def appointment_draft_drawer() -> rx.Component:
    """The form for a new appointment; nothing while the form is closed."""
    return rx.cond(
        DraftState.is_open,
        rx.el.aside(
            rx.el.header(
                rx.el.div(
                    rx.el.h2(say("draft.heading"), id="draft-title"),
                    rx.el.span(class_name="grow"),
                    icon_button(
                        "x",
                        say("kit.close"),
                        DraftState.close_draft,
                        custom_attrs=discard_attributes(),
                    ),
                    class_name="row",
                ),
                rx.el.p(say("draft.lead")),
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
            submit_button(say("draft.make")),
            button(
                say("kit.close"),
                press=DraftState.close_draft,
                custom_attrs=discard_attributes(),
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
            say("draft.topic"),
            ERRORS,
            DraftState.answers,
            rx.el.option(say("draft.other_topic"), value=""),
            on_change=DraftState.choose_answer,
            auto_focus=True,
        ),
        rx.cond(START.answer == "", _own_topic_fields()),
        rx.el.div(
            fields.select_field(
                "language",
                say("calendar.language"),
                ERRORS,
                DraftState.languages,
                default_value=START.language,
                on_change=TimesState.change_field("language"),
            ),
            fields.select_field(
                "channel",
                say("drawer.how"),
                ERRORS,
                DraftState.channels,
                on_change=TimesState.change_field("channel"),
            ),
            class_name="two",
        ),
        rx.cond(
            has_items(DraftState.branches),
            fields.select_field(
                "branch",
                say("drawer.field.branch"),
                ERRORS,
                DraftState.branches,
                on_change=TimesState.change_field("branch"),
            ),
        ),
    )


def _own_topic_fields() -> rx.Component:
    return rx.fragment(
        fields.text_field("title", say("draft.own_topic"), ERRORS),
        fields.select_field(
            "queue",
            say("calendar.queue"),
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
            say("calendar.agent"),
            ERRORS,
            DraftState.agents,
            default_value=START.agent,
            on_change=TimesState.change_field("agent"),
        ),
        fields.text_field(
            "day",
            say("drawer.field.day"),
            ERRORS,
            START.day,
            "date",
            on_change=TimesState.change_field("day"),
        ),
        rx.el.div(
            rx.el.div(
                fields.text_field(
                    "starts",
                    say("drawer.field.time"),
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
                    say("draft.minutes"),
                    ERRORS,
                    START.minutes,
                    "number",
                    on_blur=TimesState.change_field("minutes"),
                ),
                key=START.minutes,
            ),
            class_name="two",
        ),
        personal_calendar_warning(f"{TimesState.stamp} {TimesState.clock}"),
        appointment_start_picker(),
    )


def _customer_fields() -> rx.Component:
    return rx.fragment(
        fields.text_field("name", say("draft.customer"), ERRORS),
        fields.text_field("email", say("drawer.field.email"), ERRORS, "", "email"),
        fields.text_field("phone", say("drawer.field.phone"), ERRORS, "", "tel"),
        fields.text_area("notes", say("drawer.field.notes"), ERRORS, limit=NOTES_LIMIT),
        rx.cond(DraftState.is_customer_busy, _overlap_box()),
    )


def _overlap_box() -> rx.Component:
    """A checkbox that allows overlaps, for family members who share a mailbox."""
    return rx.el.label(
        rx.el.input(type="checkbox", name="despite_overlap"),
        say("draft.despite_overlap"),
    )
