"""The initial values of the form for a new appointment."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from invo_booking.domain.wall import (
    DAY_MINUTES,
    ceil_minute,
    instant_at,
    wall_grid,
)
from invo_booking.usecases.staff.calendar import StaffCatalogue
from invo_booking.web.kit.calendar.place import Place, day_for_new_appointment
from invo_booking.web.kit.text.names import OptionView
from invo_booking.web.kit.text.wall_times import WALL, wall_time_text
from invo_booking.web.kit.text.words import ViewerContext, instant_of


@dataclass
class FirstValuesView:
    """Initial values; if ``key`` changes, the browser fills in the form again."""

    key: str = ""
    day: str = ""
    starts: str = ""
    minutes: str = ""
    agent: str = ""
    answer: str = ""
    language: str = ""
    queue: str = ""


def appointment_start_view(
    start: str, end: str, lane: str, catalogue: StaffCatalogue, viewer: ViewerContext
) -> FirstValuesView:
    """Return initial values for a drawn span or a proposed start.

    Args:
        start: Wall time. If this is not a wall time, the form begins with the next full
            step from now.
        end: Wall time; empty if nothing was drawn.
        lane: Id of the lane on which the span was drawn; empty if there is none.
        catalogue: Topics, agents and other options of the form.
    """
    begins = start if _is_wall_time(start) else _next_start(catalogue, viewer)
    minutes = _length_of(start, end, viewer) or catalogue.default_minutes
    queue, _, language = str(lane).partition(":")
    agents = {str(agent.id) for agent in catalogue.agents}
    return FirstValuesView(
        key=f"{begins} {lane} {viewer.now:%H%M%S}",
        day=begins[:10],
        starts=begins[11:16],
        minutes=str(minutes),
        agent=lane if lane in agents else "",
        language=language,
        queue=queue if language else "",
    )


def proposed_appointment_start(
    where: Place, catalogue: StaffCatalogue, viewer: ViewerContext
) -> str:
    """Return the wall time to propose: the next full step, on the day shown.

    If several days are shown, ``day_for_new_appointment`` chooses the day.
    """
    closed = frozenset(catalogue.closed_weekdays)
    day = day_for_new_appointment(where, viewer.today, viewer.locale, closed)
    begins = _next_start(catalogue, viewer)
    return begins if day == viewer.today else f"{day.isoformat()}{begins[10:]}"


def appointment_draft_fields(
    start: FirstValuesView,
    queues: Sequence[OptionView],
    languages: Sequence[OptionView],
    channels: Sequence[OptionView],
    branches: Sequence[OptionView],
) -> dict[str, str]:
    """Return the initial values of the form's fields.

    A choice without an initial value selects its first option.
    """
    return {
        "answer": start.answer,
        "queue": start.queue or _first_value(queues),
        "language": start.language or _first_value(languages),
        "agent": start.agent,
        "channel": _first_value(channels),
        "branch": _first_value(branches),
        "day": start.day,
        "starts": start.starts,
        "minutes": start.minutes,
    }


def _first_value(options: Sequence[OptionView]) -> str:
    return options[0].value if options else ""


def _next_start(catalogue: StaffCatalogue, viewer: ViewerContext) -> str:
    first = ceil_minute(viewer.now)
    steps = wall_grid(
        viewer.zone, catalogue.step_minutes, first, first + 2 * DAY_MINUTES
    )
    return wall_time_text(instant_at(int(steps[0])), viewer.zone)


def _length_of(start: str, end: str, viewer: ViewerContext) -> int:
    if not (_is_wall_time(start) and _is_wall_time(end)):
        return 0
    span = instant_of(end, viewer.zone) - instant_of(start, viewer.zone)
    return max(0, span // timedelta(minutes=1))


def _is_wall_time(text: str) -> bool:
    try:
        datetime.strptime(text, WALL)  # noqa: DTZ007  a wall time has no zone
    except (TypeError, ValueError):
        return False
    return True
