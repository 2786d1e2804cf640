"""Read the forms of an appointment, as arguments of use cases."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from invo_booking.domain import week
from invo_booking.domain.appointment import Channel
from invo_booking.domain.contact import plain_text
from invo_booking.domain.errors import InvalidInputError
from invo_booking.texts import say
from invo_booking.usecases.appointment.drafts import (
    KEEP,
    AppointmentChange,
    AppointmentDraft,
)
from invo_booking.usecases.staff.calendar import AnswerOption, StaffCatalogue
from invo_booking.web.bookings.appointment.drawer_view import DetailView
from invo_booking.web.kit.forms import field_text
from invo_booking.web.kit.text import words
from invo_booking.web.kit.text.wall_times import SECOND
from invo_booking.web.kit.text.words import ViewerContext

LONGEST = 24 * 60
LONGEST_NIGHT = timedelta(minutes=week.LONGEST_NIGHT)


def appointment_change_of_form(
    form: Mapping[str, Any], seen: DetailView, viewer: ViewerContext
) -> AppointmentChange:
    """Return the change that an edit form describes; unchanged values are left out.

    Raises:
        InvalidInputError: If day or time cannot be read.
    """
    moved = (seen.day, seen.starts, seen.ends, seen.second) != tuple(
        field_text(form, name) for name in ("day", "starts", "ends", "second")
    )
    starts_at, ends_at = (
        appointment_period_of_form(form, viewer) if moved else (None, None)
    )
    return AppointmentChange(
        starts_at=starts_at,
        ends_at=ends_at,
        agent=KEEP,
        name=_changed_text(form, "name", seen.name),
        email=_changed_text(form, "email", seen.email),
        phone=_changed_text(form, "phone", seen.phone),
        notes=_changed_text(form, "notes", seen.notes),
        channel=_changed_channel(form, seen.channel),
        branch_id=branch_of_appointment_form(form, seen.branch),
    )


def appointment_period_of_form(
    form: Mapping[str, Any], viewer: ViewerContext
) -> tuple[datetime, datetime]:
    """Return start and end, in UTC, of the day and the two wall times of a form.

    If the end is not after the start, but its wall time occurs twice because clocks go
    back, the second occurrence is tried. If that is not after the start either, the end
    is on the next day.

    Raises:
        InvalidInputError: If day or time cannot be read, or an appointment that crosses
            midnight is longer than ``LONGEST_NIGHT``.
    """
    starts_at = _start_of(form, viewer)
    today, ends = field_text(form, "day"), field_text(form, "ends")
    ends_at = words.instant_of(f"{today}T{ends}", viewer.zone)
    if ends_at > starts_at:
        return starts_at, ends_at
    again = words.instant_of(f"{today}T{ends}", viewer.zone, is_second=True)
    if again > starts_at:
        return starts_at, again
    tomorrow = starts_at.astimezone(viewer.zone).date() + timedelta(days=1)
    ends_at = words.instant_of(f"{tomorrow}T{ends}", viewer.zone)
    if ends_at - starts_at > LONGEST_NIGHT:
        raise InvalidInputError({"ends_at": say("forms.end_after_start")})
    return starts_at, ends_at


def appointment_draft_of_form(
    form: Mapping[str, Any], catalogue: StaffCatalogue, viewer: ViewerContext
) -> AppointmentDraft:
    """Return the appointment that a submitted form describes.

    Raises:
        InvalidInputError: If a field cannot be read.
    """
    answer = answer_of_appointment_form(catalogue, field_text(form, "answer"))
    starts_at = _start_of(form, viewer)
    return AppointmentDraft(
        answer_id=answer.id if answer else None,
        title=field_text(form, "title"),
        queue_id=_queue_id(form, answer),
        language=field_text(form, "language"),
        channel=_parse_channel(field_text(form, "channel")),
        branch_id=branch_of_appointment_form(form),
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=appointment_minutes_of_form(form)),
        agent_id=words.parse_id(field_text(form, "agent"))
        if field_text(form, "agent")
        else None,
        name=field_text(form, "name"),
        email=field_text(form, "email"),
        phone=field_text(form, "phone"),
        notes=field_text(form, "notes"),
        despite_overlap=bool(form.get("despite_overlap")),
    )


def answer_of_appointment_form(
    catalogue: StaffCatalogue, answer_id: str
) -> AnswerOption | None:
    """Return the topic with this id; ``None`` if it does not exist."""
    return next((one for one in catalogue.answers if str(one.id) == answer_id), None)


def branch_of_appointment_form(
    form: Mapping[str, Any], before: str = ""
) -> UUID | None:
    """Return the id of the chosen branch; ``None`` if unchanged or not in the form.

    Raises:
        InvalidInputError: If the id cannot be read.
    """
    typed = field_text(form, "branch")
    return None if typed in {"", before} else words.parse_id(typed)


def _queue_id(form: Mapping[str, Any], answer: AnswerOption | None) -> UUID:
    if answer is not None:
        return answer.queue_id
    try:
        return words.parse_id(field_text(form, "queue"))
    except InvalidInputError as error:
        raise InvalidInputError({"queue": say("forms.queue_needed")}) from error


def is_second_appointment_time(form: Mapping[str, Any]) -> bool:
    """Whether the start in a form is the second of two equal wall times."""
    return field_text(form, "second") == SECOND


def _start_of(form: Mapping[str, Any], viewer: ViewerContext) -> datetime:
    wall = f"{field_text(form, 'day')}T{field_text(form, 'starts')}"
    return words.instant_of(
        wall, viewer.zone, is_second=is_second_appointment_time(form)
    )


def appointment_minutes_of_form(form: Mapping[str, Any]) -> int:
    """Return the typed length in minutes.

    Raises:
        InvalidInputError: If the text is not a number, or the number is too large.
    """
    typed = plain_text(field_text(form, "minutes"))
    if not typed.isdecimal() or not 0 < int(typed) <= LONGEST:
        raise InvalidInputError({"minutes": say("forms.minutes_needed")})
    return int(typed)


def _changed_text(form: Mapping[str, Any], name: str, before: str) -> str | None:
    after = field_text(form, name)
    return None if after == before or name not in form else after


def _changed_channel(form: Mapping[str, Any], before: str) -> Channel | None:
    after = field_text(form, "channel")
    return None if after in {"", before} else _parse_channel(after)


def _parse_channel(typed: str) -> Channel:
    try:
        return Channel(typed)
    except ValueError as error:
        raise InvalidInputError({"channel": say("forms.channel_needed")}) from error
