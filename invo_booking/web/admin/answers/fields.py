"""The fields of the form of an Answer."""

from collections.abc import Iterable
from datetime import timedelta
from functools import partial
from uuid import UUID

import reflex as rx

from invo_booking.domain.appointment import Channel
from invo_booking.domain.contact import plain_text
from invo_booking.texts import say
from invo_booking.usecases.admin.catalogue.answers import MINUTE
from invo_booking.web.admin.form_fields import (
    Form,
    FormField,
    Rows,
    choice_field,
    line_component,
    line_field,
    lines_field,
    switch_field,
    text_field,
    ticks_field,
)
from invo_booking.web.admin.form_view import FormView
from invo_booking.web.kit.fields import Errors
from invo_booking.web.kit.forms import field_text, form_entry_id

LANGUAGE, CHANNEL = "language-", "channel-"
_MOST_DIGITS = 6
_NO_QUEUE = UUID(int=0)
"""Id that stands for *no queue chosen*; no queue has this id."""


def _minutes_text(length: timedelta | None) -> str:
    return "" if length is None else str(length // MINUTE)


def _minutes_of_field(form: Form, name: str) -> int:
    typed = plain_text(field_text(form, name)) or "0"
    if not typed.isascii() or not typed.isdecimal() or len(typed) > _MOST_DIGITS:
        raise ValueError(say("answers.form.number_needed"))
    return int(typed)


def _optional_minutes(form: Form, name: str) -> int | None:
    return _minutes_of_field(form, name) if field_text(form, name) else None


def _duration(it: FormField, form: FormView, errors: Errors) -> rx.Component:
    default = form.texts["default_minutes"]
    return _number(it, form, errors, placeholder=default)


_number = partial(line_component, input_mode="numeric")
_minutes_field = partial(
    FormField, draw=_number, show=_minutes_text, read=_minutes_of_field
)


def _queue_of_field(form: Form, name: str) -> UUID:
    return form_entry_id(field_text(form, name)) or _NO_QUEUE


def _channels(ticked: Iterable[str]) -> tuple[Channel, ...]:
    return tuple(it for it in Channel if it.value in set(ticked))


CONTENT: Rows = (
    line_field(
        "title",
        say("answers.form.title"),
        hint=say("answers.form.title_hint"),
        is_translated=True,
    ),
    text_field(
        "description",
        say("answers.form.description"),
        hint=say("answers.form.description_hint"),
        is_translated=True,
    ),
    choice_field(
        "queue_id",
        say("calendar.queue"),
        nothing=say("answers.form.queue_needed"),
        read=_queue_of_field,
    ),
    switch_field(
        "schedulable", say("answers.is_open"), hint=say("answers.form.is_open_hint")
    ),
    ticks_field("languages", say("answers.form.languages"), prefix=LANGUAGE),
    ticks_field(
        "channels", say("answers.form.channels"), prefix=CHANNEL, parse=_channels
    ),
    lines_field(
        "documents",
        say("answers.form.documents"),
        hint=say("answers.form.documents_hint"),
        is_translated=True,
        translation_hint=say("answers.form.documents_hint"),
    ),
    line_field("room", say("answers.form.room"), hint=say("answers.form.room_hint")),
)
LENGTHS: Rows = (
    (
        _minutes_field(
            "duration_minutes",
            say("answers.form.length"),
            draw=_duration,
            read=_optional_minutes,
            of="duration",
            hint=say("answers.form.length_hint"),
        ),
        _minutes_field(
            "buffer_before_minutes",
            say("answers.form.before"),
            of="buffer_before",
            hint=say("answers.form.before_hint"),
        ),
        _minutes_field(
            "buffer_after_minutes",
            say("answers.form.after"),
            of="buffer_after",
            hint=say("answers.form.after_hint"),
        ),
    ),
)
FIELDS: Rows = (*CONTENT, *LENGTHS)
