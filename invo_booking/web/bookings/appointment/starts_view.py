"""The start times of a day, in the forms of staff."""

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
    """One start. ``key`` names it within its day; ``why`` is empty if it is open."""

    key: str
    label: str
    why: str = ""
    picked: bool = False


def appointment_plan_of(
    fields: Mapping[str, str], catalogue: StaffCatalogue, viewer: ViewerContext
) -> StartsQuestion:
    """Return what the fields of a form are about.

    Args:
        fields: ``day``, ``starts`` and ``minutes``, perhaps ``channel`` and
            ``branch``; of an appointment that is being edited its id as
            ``appointment``, else ``answer``, ``queue``, ``language`` and ``agent``.
        catalogue: What may be chosen.

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
    """Return a value that is unique within the day, also in a repeated hour."""
    return f"{clock}{AGAIN if second else ''}"


def appointment_start_fields(key: str) -> dict[str, str]:
    """Return what the fields of a form hold if a start is picked."""
    clock = key.removesuffix(AGAIN)
    return {"starts": clock, "second": SECOND if clock != key else ""}


def appointment_start_views(
    starts: FoundStarts, picked: str, viewer: ViewerContext
) -> list[StartView]:
    """Return the starts from the first to the last at which an agent works."""
    worked = [index for index, start in enumerate(starts.day) if start.worked]
    if not worked:
        return []
    shown = starts.day[worked[0] : worked[-1] + 1]
    return [_start_view(start, picked, viewer) for start in shown]


def no_appointment_starts_notice(starts: FoundStarts) -> str:
    """Return why a day has no starts to choose from; empty if it has some.

    The present start of an appointment is listed too, but cannot be chosen.
    """
    idle = [start for start in starts.day if not start.worked]
    if not idle or len(starts.day) - len(idle) > 1:
        return ""
    return " ".join(idle[len(idle) // 2].sentences)


def closed_appointment_start_reason(starts: FoundStarts) -> str:
    """Return why the start that was typed is closed; empty if it is open."""
    return " ".join(starts.typed.sentences) if starts.typed else ""


def appointment_end_clock(
    fields: Mapping[str, str], minutes: int, viewer: ViewerContext
) -> str:
    """Return the wall time so many minutes after a start; empty if it is unknown.

    Args:
        fields: ``day`` and ``starts``.
        minutes: That pass in between.
    """
    start = _typed_start(fields, viewer)
    return (
        wall_time_text(start + timedelta(minutes=minutes), viewer.zone)[11:]
        if start
        else ""
    )


def minutes_of_appointment(fields: Mapping[str, str], viewer: ViewerContext) -> str:
    """Return the minutes that pass between two wall times; empty if there are none.

    Args:
        fields: ``day``, ``starts`` and ``ends``, which may be past midnight.
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
