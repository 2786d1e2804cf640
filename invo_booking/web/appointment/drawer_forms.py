"""The forms of the open appointment: edit and cancel."""

import reflex as rx

from invo_booking.domain.contact import NOTES_LIMIT
from invo_booking.web.appointment.drawer_state import DrawerState
from invo_booking.web.appointment.meanwhile_view import FieldDifferenceView
from invo_booking.web.appointment.start_picker import start_picker
from invo_booking.web.appointment.starts_state import TimesState
from invo_booking.web.kit import fields
from invo_booking.web.kit.form import form
from invo_booking.web.kit.names import channel_options
from invo_booking.web.kit.parts import button
from invo_booking.web.kit.typed import Text, number_text
from invo_booking.web.kit.unsaved import discards

SEEN = DrawerState.seen
BASE = DrawerState.base


def edit_form() -> rx.Component:
    """The form to edit the open appointment in place."""
    errors = DrawerState.errors
    return form(
        _version(),
        _meanwhile(),
        rx.el.div(
            fields.line(
                "day",
                "Day",
                errors,
                BASE.day,
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
            fields.line("name", "Name", errors, BASE.name),
            fields.line("email", "E-mail", errors, BASE.email, "email"),
            fields.line("phone", "Phone", errors, BASE.phone, "tel"),
            fields.choice(
                "channel", "How", errors, channel_options(), default_value=BASE.channel
            ),
            fields.note("notes", "Notes", errors, BASE.notes, limit=NOTES_LIMIT),
            class_name="scroll form",
        ),
        rx.el.footer(
            rx.cond(SEEN.may_edit, _save()),
            button("Back", press=DrawerState.switch("view"), custom_attrs=discards()),
        ),
        submit=DrawerState.save,
        of_address=False,
        key=BASE.id,
    )


def _save() -> rx.Component:
    return rx.el.button(
        rx.cond(DrawerState.meanwhile != "", "Save over it", "Save"),
        type="submit",
        class_name="btn primary",
    )


def _version() -> rx.Component:
    """What is on the screen when the form is sent decides what it may change."""
    return rx.el.input(type="hidden", name="version", value=number_text(SEEN.version))


def _meanwhile() -> rx.Component:
    """What somebody else did while the form was open."""
    return rx.el.div(
        rx.cond(
            DrawerState.meanwhile != "",
            rx.el.section(
                rx.el.h3("Changed while you were here"),
                rx.el.p(DrawerState.meanwhile),
                rx.el.ul(rx.foreach(DrawerState.differences, _difference)),
                rx.el.p(
                    rx.cond(
                        (DrawerState.mode == "edit") & ~SEEN.may_edit
                        | (DrawerState.mode == "cancel") & ~SEEN.may_cancel,
                        "Nothing can be saved any more. What you typed stays here "
                        "until you go back.",
                        rx.cond(
                            DrawerState.mode == "edit",
                            "Saving changes only what you changed here; the rest stays "
                            "as it is now.",
                            "It can still be cancelled as it is now.",
                        ),
                    )
                ),
                class_name="note meanwhile",
            ),
        ),
        role="alert",
    )


def _difference(one: FieldDifferenceView) -> rx.Component:
    return rx.el.li(f"{one.field}: {one.now} instead of {one.before}")


def _clock(name: str, label: str, value: Text) -> rx.Component:
    look = TimesState.look(name)
    return fields.line(name, label, DrawerState.errors, value, "time", on_blur=look)


def cancel_form() -> rx.Component:
    """The form to cancel the open appointment with a reason."""
    return form(
        _version(),
        _meanwhile(),
        rx.el.div(
            rx.el.p(
                f"{SEEN.name} is told by mail that the appointment on {SEEN.when}, "
                f"{SEEN.span}, is cancelled, and why.",
            ),
            fields.note("reason", "Reason", DrawerState.errors),
            class_name="scroll form",
        ),
        rx.el.footer(
            rx.cond(
                SEEN.may_cancel,
                rx.el.button(
                    "Cancel appointment", type="submit", class_name="btn danger solid"
                ),
            ),
            button(
                "Keep it", press=DrawerState.switch("view"), custom_attrs=discards()
            ),
        ),
        submit=DrawerState.cancel,
        of_address=False,
    )
