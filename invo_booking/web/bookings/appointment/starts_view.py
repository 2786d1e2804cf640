"""Convert the starts of a day for staff forms, and read the time fields."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from invo_booking.domain.appointment import Channel
from invo_booking.domain.errors import InvalidInputError
from invo_booking.texts import say
from invo_booking.usecases.staff.calendar import StaffCatalogue
from invo_booking.usecases.staff.starts import FoundStarts, StaffStart, StartsQuestion
from invo_booking.web.bookings.appointment import forms
from invo_booking.web.kit.parsing import parse_day
from invo_booking.web.kit.text import words
from invo_booking.web.kit.text.wall_times import (
    SECOND,
    WALL,
    is_second_wall_time,
    wall_time_text,
)
from invo_booking.web.kit.text.words import ViewerContext

AGAIN = " again"


@dataclass
class StartView:
    """One start; ``key`` is unique within the day, ``why`` is empty for open starts."""

    key: str
    label: str
    why: str = ""
    picked: bool = False


def appointment_plan_of(
    fields: Mapping[str, str], catalogue: StaffCatalogue, viewer: ViewerContext
) -> StartsQuestion:
    """Return the question to the slot engine that the fields of a form describe.

    Args:
        fields: ``day``, ``starts`` and ``minutes``, optionally ``channel`` and
            ``branch``. For an edited appointment, also its id as ``appointment``; for a
            new appointment, also ``answer``, ``queue``, ``language`` and ``agent``.
        catalogue: Options of the form.

    Raises:
        InvalidInputError: If a field cannot be read.
    """
    day = _parse_day(fields.get("day", ""))
    length = timedelta(minutes=forms.appointment_minutes_of_form(fields))
    typed = _typed_start(fields, viewer)
    if fields.get("appointment"):
        return StartsQuestion(
            day=day,
            length=length,
            appointment_id=words.parse_id(fields["appointment"]),
            channel=_channel_of(fields),
            branch_id=forms.branch_of_appointment_form(fields),
            typed=typed,
        )
    answer = forms.answer_of_appointment_form(catalogue, fields.get("answer", ""))
    agent = fields.get("agent", "")
    return StartsQuestion(
        day=day,
        length=length,
        answer_id=answer.id if answer else None,
        queue_id=answer.queue_id if answer else _queue_id(fields),
        language=fields.get("language", ""),
        agent_id=words.parse_id(agent) if agent else None,
        channel=_channel_of(fields),
        branch_id=forms.branch_of_appointment_form(fields),
        typed=typed,
    )


def appointment_start_key(clock: str, second: str) -> str:
    """Return the key of a start: unique within the day, also in a repeated hour."""
    return f"{clock}{AGAIN if second else ''}"


def appointment_start_fields(key: str) -> dict[str, str]:
    """Return the values of the time fields for the start with this key."""
    clock = key.removesuffix(AGAIN)
    return {"starts": clock, "second": SECOND if clock != key else ""}


def appointment_start_views(
    starts: FoundStarts, picked: str, viewer: ViewerContext
) -> list[StartView]:
    """Return all starts from the first to the last at which an agent works."""
    worked = [index for index, start in enumerate(starts.day) if start.worked]
    if not worked:
        return []
    shown = starts.day[worked[0] : worked[-1] + 1]
    return [_start_view(start, picked, viewer) for start in shown]


def no_appointment_starts_notice(starts: FoundStarts) -> str:
    """Return why no start of a day can be chosen; empty if any can be chosen.

    A single start at which an agent works does not count, because it can be the
    appointment's current start, which is in the list too, but cannot be chosen.
    """
    idle = [start for start in starts.day if not start.worked]
    if not idle or len(starts.day) - len(idle) > 1:
        return ""
    return " ".join(idle[len(idle) // 2].sentences)


def closed_appointment_start_reason(starts: FoundStarts) -> str:
    """Return why a typed start is closed; empty if the start is open."""
    return " ".join(starts.typed.sentences) if starts.typed else ""


def appointment_end_clock(
    fields: Mapping[str, str], minutes: int, viewer: ViewerContext
) -> str:
    """Return the wall time ``minutes`` after a start; empty if the start is unreadable.

    Args:
        fields: ``day`` and ``starts``.
        minutes: Elapsed time, not a difference of wall times.
    """
    start = _typed_start(fields, viewer)
    return (
        wall_time_text(start + timedelta(minutes=minutes), viewer.zone)[11:]
        if start
        else ""
    )


def minutes_of_appointment(fields: Mapping[str, str], viewer: ViewerContext) -> str:
    """Return the elapsed minutes between two wall times; empty if they are unreadable.

    Args:
        fields: ``day``, ``starts`` and ``ends``; the end can be on the next day.
    """
    try:
        start, end = forms.appointment_period_of_form(fields, viewer)
    except InvalidInputError:
        return ""
    return str((end - start) // timedelta(minutes=1))


def _start_view(start: StaffStart, picked: str, viewer: ViewerContext) -> StartView:
    second = SECOND if is_second_wall_time(start.starts_at, viewer.zone) else ""
    key = appointment_start_key(
        wall_time_text(start.starts_at, viewer.zone)[11:], second
    )
    return StartView(
        key=key,
        label=viewer.clock(start.starts_at),
        why=" ".join(start.sentences),
        picked=key == picked,
    )


def _parse_day(text: str) -> date:
    try:
        return parse_day(text)
    except ValueError as error:
        raise InvalidInputError({"day": say("forms.day_needed")}) from error


def _typed_start(fields: Mapping[str, str], viewer: ViewerContext) -> datetime | None:
    text = f"{fields.get('day', '')}T{fields.get('starts', '')}"
    try:
        datetime.strptime(text, WALL)  # noqa: DTZ007  a wall time
    except ValueError:
        return None
    return words.instant_of(
        text, viewer.zone, is_second=forms.is_second_appointment_time(fields)
    )


def _channel_of(fields: Mapping[str, str]) -> Channel | None:
    return {it.value: it for it in Channel}.get(fields.get("channel", ""))


def _queue_id(fields: Mapping[str, str]) -> UUID | None:
    return words.parse_id(fields["queue"]) if fields.get("queue") else None
