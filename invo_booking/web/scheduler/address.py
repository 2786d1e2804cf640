"""Store the visitor's choices in the URL of the scheduler."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from typing import Final

from invo_booking.web.core import routes

LONGEST: Final = 64
"""Maximum number of characters of a value in the URL."""

_FORMAT: Final = "%Y-%m-%dT%H:%MZ"
_START: Final = re.compile(r"20\d\d-\d\d-\d\dT\d\d:\d\dZ", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleChoice:
    """The choices in a URL; empty if not chosen.

    The attributes are named like the parameters of the URL.

    Attributes:
        answer: Id of the topic.
        language: ISO 639-1 code of the language.
        channel: Video call, phone call or visit, as in ``Channel``.
        branch: Id of the branch of a visit, or ``any``.
        agent: Id of the chosen agent.
        time: Start in UTC, as in ``2026-12-01T15:00Z``.
    """

    answer: str = ""
    language: str = ""
    channel: str = ""
    branch: str = ""
    agent: str = ""
    time: str = ""


def read_schedule_choice(query: Mapping[str, object]) -> ScheduleChoice:
    """Return the choices in the query of a URL; the query is not trusted."""
    names = [field.name for field in fields(ScheduleChoice)]
    return ScheduleChoice(
        **{name: str(query.get(name) or "")[:LONGEST] for name in names}
    )


def schedule_address(choice: ScheduleChoice) -> str:
    """Return the URL at which the scheduler continues after these choices."""
    return routes.schedule_route(asdict(choice))


def schedule_time(minutes: int) -> str:
    """Return a start, given in minutes since 1970, in the format used in URLs."""
    return datetime.fromtimestamp(minutes * 60, UTC).strftime(_FORMAT)


def schedule_minutes(time: str) -> int:
    """Return a start from a URL in minutes since 1970; 0 if the text is unreadable."""
    if not _START.fullmatch(time):
        return 0
    try:
        start = datetime.strptime(time, _FORMAT).replace(tzinfo=UTC)
    except ValueError:
        return 0
    return int(start.timestamp()) // 60
