"""The forms that edit and cancel the open appointment."""

import reflex as rx

from invo_booking.domain.contact import NOTES_LIMIT
from invo_booking.texts import say
from invo_booking.web.bookings.appointment.drawer_state import DrawerState
from invo_booking.web.bookings.appointment.meanwhile_view import FieldDifferenceView
from invo_booking.web.bookings.appointment.start_picker import appointment_start_picker
from invo_booking.web.bookings.appointment.starts_state import TimesState
from invo_booking.web.kit import fields
from invo_booking.web.kit.calendar.personal import personal_calendar_warning
from invo_booking.web.kit.form import staff_form
from invo_booking.web.kit.parts import button, submit_button
from invo_booking.web.kit.tables import each
from invo_booking.web.kit.text.names import channel_options
from invo_booking.web.kit.typed import Text, has_items, number_text
from invo_booking.web.kit.unsaved import discard_attributes

SEEN = DrawerState.seen
BASE = DrawerState.base


def appointment_edit_form() -> rx.Component:
    """The form that edits the open appointment, shown in place of its details."""
    errors = DrawerState.errors
    return staff_form(
        _version_field(),
        _meanwhile_notice(),
        rx.el.div(
            fields.text_field(
                "day",
                say("drawer.field.day"),
                errors,
                BASE.day,
                "date",
                on_change=TimesState.change_field("day"),
            ),
            rx.el.div(
                _clock_field("starts", say("drawer.field.from"), TimesState.clock),
                _clock_field("ends", say("drawer.field.to"), TimesState.until),
                class_name="two",
                key=TimesState.stamp,
            ),
            personal_calendar_warning(
                f"{TimesState.stamp} {TimesState.clock} {TimesState.until}",
                agent=SEEN.agent_id,
                before={"day": SEEN.day, "starts": SEEN.starts, "ends": SEEN.ends},
            ),
            appointment_start_picker(),
            fields.text_field("name", say("drawer.field.name"), errors, BASE.name),
            fields.text_field(
                "email", say("drawer.field.email"), errors, BASE.email, "email"
            ),
            fields.text_field(
                "phone", say("drawer.field.phone"), errors, BASE.phone, "tel"
            ),
            fields.select_field(
                "channel",
                say("drawer.how"),
                errors,
                channel_options(),
                default_value=BASE.channel,
                on_change=TimesState.change_field("channel"),
            ),
            rx.cond(
                has_items(DrawerState.branches),
                fields.select_field(
                    "branch",
                    say("drawer.field.branch"),
                    errors,
                    DrawerState.branches,
                    default_value=BASE.branch,
                    on_change=TimesState.change_field("branch"),
                ),
            ),
            fields.text_area(
                "notes",
                say("drawer.field.notes"),
                errors,
                BASE.notes,
                limit=NOTES_LIMIT,
            ),
            class_name="scroll form",
        ),
        rx.el.footer(
            rx.cond(SEEN.may_edit, _save_button()),
            button(
                say("kit.back"),
                press=DrawerState.switch_mode("view"),
                custom_attrs=discard_attributes(),
            ),
        ),
        submit=DrawerState.save_appointment,
        of_address=False,
        key=BASE.id,
    )


def _save_button() -> rx.Component:
    return submit_button(
        rx.cond(DrawerState.meanwhile != "", say("drawer.save_over"), say("kit.save"))
    )


def _version_field() -> rx.Component:
    """A hidden field with the appointment's version, to detect conflicts on saving."""
    return rx.el.input(type="hidden", name="version", value=number_text(SEEN.version))


def _meanwhile_notice() -> rx.Component:
    """A notice about other people's changes since the form was opened."""
    return rx.el.div(
        rx.cond(
            DrawerState.meanwhile != "",
            rx.el.section(
                rx.el.h3(say("drawer.meanwhile.heading")),
                rx.el.p(DrawerState.meanwhile),
                rx.el.ul(each(DrawerState.differences, _difference_row)),
                rx.el.p(
                    rx.cond(
                        (DrawerState.mode == "edit") & ~SEEN.may_edit
                        | (DrawerState.mode == "cancel") & ~SEEN.may_cancel,
                        say("drawer.meanwhile.lost"),
                        rx.cond(
                            DrawerState.mode == "edit",
                            say("drawer.meanwhile.edit"),
                            say("drawer.meanwhile.cancel"),
                        ),
                    )
                ),
                class_name="note meanwhile",
            ),
        ),
        role="alert",
    )


def _difference_row(one: FieldDifferenceView) -> rx.Component:
    return rx.el.li(
        say(
            "drawer.meanwhile.difference",
            field=one.field,
            now=one.now,
            before=one.before,
        )
    )


def _clock_field(name: str, label: str, value: Text) -> rx.Component:
    look = TimesState.change_field(name)
    return fields.text_field(
        name, label, DrawerState.errors, value, "time", on_blur=look
    )


def appointment_cancel_form() -> rx.Component:
    """The form that cancels the open appointment with a reason."""
    return staff_form(
        _version_field(),
        _meanwhile_notice(),
        rx.el.div(
            rx.cond(
                SEEN.email != "",
                rx.el.p(
                    say(
                        "drawer.cancel_form.lead",
                        customer=SEEN.name,
                        day=SEEN.when,
                        time=SEEN.span,
                    )
                ),
                rx.el.p(
                    say(
                        "drawer.cancel_form.lead_without_mail",
                        customer=SEEN.name,
                        day=SEEN.when,
                        time=SEEN.span,
                    )
                ),
            ),
            fields.text_area(
                "reason", say("drawer.cancel_form.reason"), DrawerState.errors
            ),
            class_name="scroll form",
        ),
        rx.el.footer(
            rx.cond(
                SEEN.may_cancel,
                submit_button(say("drawer.cancel_form.cancel"), look="danger solid"),
            ),
            button(
                say("drawer.cancel_form.keep"),
                press=DrawerState.switch_mode("view"),
                custom_attrs=discard_attributes(),
            ),
        ),
        submit=DrawerState.cancel_appointment,
        of_address=False,
    )
