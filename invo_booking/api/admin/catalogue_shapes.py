"""Requests and responses about Answers, queues, languages and closed days."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated, TypeVar
from uuid import UUID

from pydantic import BeforeValidator, Field

from invo_booking.api.admin.hours_shapes import OpeningBody, OpeningPeriods
from invo_booking.api.admin.shapes import Day, DecidedBody, SeenBody
from invo_booking.api.core.shapes import (
    Body,
    ChannelName,
    Id,
    Language,
    ResponseModel,
    WholeMinutes,
    read_from,
)
from invo_booking.domain.appointment import Channel
from invo_booking.domain.assignment import Mode
from invo_booking.domain.institution import Person
from invo_booking.usecases.admin.catalogue.answers import LONGEST_BUFFER_MINUTES
from invo_booking.usecases.admin.catalogue.closures import DayName
from invo_booking.usecases.shared.translations import other_languages

Line = Annotated[str, Field(max_length=200)]
Text = Annotated[str, Field(max_length=5_000)]
RoomTemplate = Annotated[str, Field(max_length=1_000)]
Minutes = Annotated[int, Field(ge=0, le=24 * 60)]
Buffer = Annotated[int, Field(ge=0, le=LONGEST_BUFFER_MINUTES)]
ModeName = Annotated[Mode, Field(strict=False)]
TextLanguage = Annotated[
    str, Field(max_length=20, json_schema_extra={"enum": list(other_languages())})
]
TextOfAnswer = Annotated[
    str,
    Field(
        max_length=40,
        json_schema_extra={"enum": ["title", "description", "documents"]},
    ),
]
TextOfBranch = Annotated[
    str, Field(max_length=40, json_schema_extra={"enum": ["name", "directions"]})
]
TextOfQueue = Annotated[str, Field(max_length=40, json_schema_extra={"enum": ["name"]})]
TextOfInstitution = Annotated[
    str, Field(max_length=40, json_schema_extra={"enum": ["tagline"]})
]
Name = TypeVar("Name", bound=str)
Texts = Annotated[dict[TextLanguage, dict[Name, Text]], Field(max_length=20)]
"""Texts by language and field, such as `{"es": {"title": "Abrir una cuenta"}}`."""

_MOST = 200
Ids = Annotated[list[Id], Field(max_length=5_000)]


class AnswerBody(Body):
    """New values of an Answer; `duration_minutes: null` means the default duration."""

    title: Line
    description: Text = ""
    queue_id: Id = Field(alias="queue")
    schedulable: bool = True
    duration_minutes: Minutes | None = None
    buffer_before_minutes: Buffer = 0
    buffer_after_minutes: Buffer = 0
    languages: Annotated[list[Language], Field(max_length=_MOST)]
    channels: Annotated[list[ChannelName], Field(max_length=_MOST)]
    documents: Annotated[list[Line], Field(max_length=_MOST, default_factory=list)]
    room: RoomTemplate = ""
    translations: Texts[TextOfAnswer] = Field(default_factory=dict)


class AnswerChangeBody(SeenBody, DecidedBody, AnswerBody):
    """New values of an Answer, and the version that was read."""


class OrderBody(Body):
    """The new order of all Answers that are not archived, and the order you read."""

    order: Annotated[list[Id], Field(max_length=_MOST)]
    seen: Annotated[list[Id], Field(max_length=_MOST)]


class ManagedAnswerResponse(ResponseModel):
    """An Answer as administrators see it."""

    id: UUID = read_from("answer", "id")
    version: int = read_from("answer", "version")
    title: str = read_from("answer", "title")
    description: str = read_from("answer", "description")
    queue: UUID = read_from("answer", "queue_id")
    schedulable: bool = read_from("answer", "schedulable")
    archived: bool = read_from("answer", "archived")
    duration_minutes: WholeMinutes | None = read_from("answer", "duration")
    buffer_before_minutes: WholeMinutes = read_from("answer", "buffer_before")
    buffer_after_minutes: WholeMinutes = read_from("answer", "buffer_after")
    languages: tuple[str, ...] = read_from("answer", "languages")
    channels: tuple[Channel, ...] = read_from("answer", "channels")
    documents: tuple[str, ...] = read_from("answer", "documents")
    room: str = read_from("answer", "room")
    translations: dict[str, dict[str, str]] = read_from("answer", "translations")
    live_appointments: int = read_from("live")


class ManagedAnswersResponse(ResponseModel):
    """All Answers in order, archived ones last."""

    answers: tuple[ManagedAnswerResponse, ...]


class QueueBody(OpeningBody):
    """New values of a queue; for visits, its hours are wall times of the branch."""

    name: Line
    active: bool = True
    assignment: ModeName = Mode.UNASSIGNED
    translations: Texts[TextOfQueue] = Field(default_factory=dict)


class QueueChangeBody(SeenBody, DecidedBody, QueueBody):
    """New values of a queue, and the version that was read."""


class ServersBody(DecidedBody):
    """The new people of a queue, and the people you read."""

    people: Ids
    seen: Ids


def _ids(people: Iterable[Person]) -> tuple[UUID, ...]:
    return tuple(person.id for person in people)


PeopleIds = Annotated[tuple[UUID, ...], BeforeValidator(_ids)]


class QueueResponse(ResponseModel):
    """A queue as administrators see it; `people` are those who serve the queue."""

    id: UUID = read_from("queue", "id")
    version: int = read_from("queue", "version")
    name: str = read_from("queue", "name")
    active: bool = read_from("queue", "active")
    assignment: Mode = read_from("queue", "assignment")
    opening_hours: OpeningPeriods = read_from("queue", "opening_hours")
    translations: dict[str, dict[str, str]] = read_from("queue", "translations")
    answers: tuple[str, ...]
    people: PeopleIds
    live_appointments: int = read_from("live")


class QueuesResponse(ResponseModel):
    """All queues, inactive ones last."""

    queues: tuple[QueueResponse, ...]


class LanguageBody(Body):
    """A language to add by ISO 639-1 code; an empty `name` means its English name."""

    code: Language
    name: Line = ""


class LanguageNameBody(Body):
    """The new name of a language, and the name you read."""

    name: Line
    seen: Line


class LanguageResponse(ResponseModel):
    """An offered language."""

    code: str
    name: str
    live_appointments: int = read_from("live")


class LanguagesResponse(ResponseModel):
    """All offered languages."""

    languages: tuple[LanguageResponse, ...]


class InstitutionBody(DecidedBody, OpeningBody):
    """The institution's new details, and the version that was read."""

    name: Line
    tagline: Text = ""
    phone: Line = ""
    time_zone: Line
    country: Annotated[str, Field(min_length=2, max_length=2)]
    translations: Texts[TextOfInstitution] = Field(default_factory=dict)
    version: Line


class InstitutionResponse(ResponseModel):
    """The institution's details."""

    name: str = read_from("institution", "name")
    tagline: str = read_from("institution", "tagline")
    phone: str = read_from("institution", "phone")
    time_zone: str = read_from("institution", "zone", "key")
    country: str = read_from("institution", "country")
    opening_hours: OpeningPeriods = read_from("institution", "opening_hours")
    translations: dict[str, dict[str, str]] = read_from("institution", "translations")
    version: str


class DayBody(Body):
    """A closed day of the institution."""

    day: Day
    name: Line
    translations: Texts[TextOfQueue] = Field(default_factory=dict)

    def read_name(self) -> DayName:
        """Return the names of the day."""
        return DayName(self.name, self.translations)


class HolidaysBody(DecidedBody):
    """Dates to close and to reopen, all or nothing."""

    close: Annotated[list[DayBody], Field(max_length=_MOST, default_factory=list)]
    reopen: Annotated[list[Day], Field(max_length=_MOST, default_factory=list)]


class HolidayResponse(ResponseModel):
    """A date and its name."""

    day: date
    name: str


class ClosedDayResponse(HolidayResponse):
    """A closed day, with its name in other languages."""

    translations: dict[str, dict[str, str]]


class HolidaysResponse(ResponseModel):
    """Closed days from today on, earliest first."""

    holidays: tuple[ClosedDayResponse, ...] = read_from("days")


class PublicHolidayResponse(HolidayResponse):
    """A public holiday; `closed` if the institution is closed on that day.

    `translations` has the holiday's name in other languages, if the calendar knows it.
    """

    closed: bool
    translations: dict[str, dict[str, str]]


class PublicHolidaysResponse(ResponseModel):
    """Public holidays of a year from today on, earliest first."""

    holidays: tuple[PublicHolidayResponse, ...]
