"""Show the contact form, whose button requests the appointment."""

import reflex as rx

from invo_booking.domain.contact import NOTES_LIMIT
from invo_booking.texts import in_language, say, weave
from invo_booking.web.core import routes
from invo_booking.web.kit.browser import KeptFields, PageAhead, headline
from invo_booking.web.kit.effort import trap_field
from invo_booking.web.kit.fields import (
    characters_left,
    control_attributes,
    labeled_control,
)
from invo_booking.web.kit.icons import icon
from invo_booking.web.kit.parts import alert, page_link
from invo_booking.web.kit.picker.parts import slot_buttons
from invo_booking.web.kit.picker.state import PickerState
from invo_booking.web.kit.typed import negation
from invo_booking.web.scheduler.contact_view import FIELDS, TYPED
from invo_booking.web.scheduler.request_state import RequestState
from invo_booking.web.scheduler.state import ScheduleState
from invo_booking.web.scheduler.summary import scheduler_summary_sentence

FORM = "contact"


def scheduler_details_step() -> rx.Component:
    """Return the step for the customer's name and contact data."""
    return rx.fragment(
        headline(say("scheduler.contact.heading")),
        _refusal_notice(),
        rx.cond(PickerState.view.picked, scheduler_summary_sentence()),
        rx.el.form(
            _name_field(),
            _email_field(),
            _phone_field(),
            _notes_field(),
            trap_field(),
            _privacy_note(),
            id=FORM,
            class_name="form",
            no_validate=True,
            on_submit=RequestState.submit_request,
        ),
        KeptFields.create(form=FORM, fields=list(FIELDS), store=TYPED),
        PageAhead.create(page=in_language(routes.STATUS)),
    )


def _privacy_note() -> rx.Component:
    hold = rx.cond(
        ScheduleState.site.needs_email,
        say("scheduler.contact.lead"),
        say("scheduler.contact.lead_optional"),
    )
    return rx.el.p(
        icon("lock", 20),
        rx.el.span(hold, " ", say("scheduler.contact.privacy")),
        class_name="note",
    )


def _name_field() -> rx.Component:
    error = RequestState.errors.name
    control = rx.el.input(
        auto_complete="name",
        custom_attrs={"autoCapitalize": "words"},
        default_value=RequestState.contact.name,
        required=True,
        on_blur=lambda typed: RequestState.check_field("name", typed),
        **control_attributes("name", error),
    )
    return labeled_control(
        control, name="name", label=say("scheduler.contact.name"), error=error
    )


def _email_field() -> rx.Component:
    error = RequestState.errors.email
    control = rx.el.input(
        type="email",
        input_mode="email",
        auto_complete="email",
        spell_check=False,
        custom_attrs={"autoCapitalize": "none"},
        default_value=RequestState.contact.email,
        required=ScheduleState.site.needs_email,
        on_blur=lambda typed: RequestState.check_field("email", typed),
        **control_attributes("email", error),
    )
    return labeled_control(
        rx.fragment(control, _suggestion_hint()),
        name="email",
        label=say("public.email"),
        error=error,
        is_optional=negation(ScheduleState.site.needs_email),
    )


def _suggestion_hint() -> rx.Component:
    """Return the question about an e-mail address that is probably mistyped."""
    hint = rx.el.p(
        *weave(
            "scheduler.contact.suggestion", address=rx.el.b(RequestState.suggestion)
        ),
        " ",
        rx.el.button(
            say("scheduler.contact.take_suggestion"),
            id="suggestion",
            type="button",
            class_name="linkish",
            on_click=RequestState.take_suggestion,
        ),
    )
    return rx.el.div(
        rx.cond(RequestState.suggestion, hint), class_name="likely", role="status"
    )


def _phone_field() -> rx.Component:
    error = RequestState.errors.phone
    control = rx.el.input(
        type="tel",
        input_mode="tel",
        auto_complete="tel",
        default_value=RequestState.contact.phone,
        required=ScheduleState.needs_phone,
        on_blur=lambda typed: RequestState.check_field("phone", typed),
        **control_attributes("phone", error, has_hint=True),
    )
    return labeled_control(
        control,
        name="phone",
        label=say("public.phone"),
        error=error,
        is_optional=negation(ScheduleState.needs_phone),
        hint=ScheduleState.phone_help,
    )


def _notes_field() -> rx.Component:
    error = RequestState.errors.notes
    control = rx.el.textarea(
        rows="3",
        default_value=RequestState.contact.notes,
        on_blur=lambda typed: RequestState.check_field("notes", typed),
        **control_attributes("notes", error, has_hint=True),
    )
    left = characters_left(
        field_id="notes", name="notes-hint", tone="hint", limit=NOTES_LIMIT
    )
    return labeled_control(
        rx.fragment(control, left),
        name="notes",
        label=say("scheduler.contact.notes"),
        error=error,
        is_optional=True,
    )


def _refusal_notice() -> rx.Component:
    """Return the reason of a refusal; nothing if nothing was refused."""
    return rx.fragment(
        rx.cond(RequestState.was_lost, _lost_notice()),
        rx.cond(
            (RequestState.problem != "") & ~RequestState.was_lost,
            alert(rx.el.p(RequestState.problem)),
        ),
    )


def _lost_notice() -> rx.Component:
    """Return the nearest free times if the picked time is no longer available."""
    return alert(
        rx.el.p(rx.el.b(RequestState.problem)),
        rx.cond(
            PickerState.nearest,
            rx.fragment(
                rx.el.p(say("public.nearest")),
                slot_buttons(PickerState.nearest, RequestState.take_nearest),
            ),
        ),
        page_link(
            say("scheduler.details.all_times"),
            to=ScheduleState.when_page,
            name="linkish",
        ),
    )
