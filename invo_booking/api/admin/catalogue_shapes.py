"""What administrators' programs and we tell each other about what is on offer."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field

from invo_booking.api.admin.shapes import Day, DecidedBody, SeenBody
from invo_booking.api.core.shapes import Answer, Body, ChannelName, Id, Language
from invo_booking.domain.appointment import Channel
from invo_booking.domain.assignment import Mode
from invo_booking.usecases.admin.answers import (
    MINUTE,
    AnswerDesk,
    AnswerDraft,
    ManagedAnswer,
)
from invo_booking.usecases.admin.closures import ClosureDesk, PublicHoliday
from invo_booking.usecases.admin.institution import InstitutionDraft, ManagedInstitution
from invo_booking.usecases.admin.languages import ManagedLanguage
from invo_booking.usecases.admin.queues import ManagedQueue, QueueDesk, QueueDraft

Line = Annotated[str, Field(max_length=200)]
Text = Annotated[str, Field(max_length=5_000)]
Minutes = Annotated[int, Field(ge=0, le=24 * 60)]
ModeName = Annotated[Mode, Field(strict=False)]
_MOST = 200
Ids = Annotated[list[Id], Field(max_length=5_000)]


class AnswerBody(Body):
    """An Answer as it shall be; `duration_minutes: null` for the default duration."""

    title: Line
    description: Text = ""
    queue: Id
    schedulable: bool = True
    duration_minutes: Minutes | None = None
    buffer_before_minutes: Minutes = 0
    buffer_after_minutes: Minutes = 0
    languages: Annotated[list[Language], Field(max_length=_MOST)]
    channels: Annotated[list[ChannelName], Field(max_length=_MOST)]
    documents: Annotated[list[Line], Field(max_length=_MOST, default_factory=list)]

    def as_draft(self) -> AnswerDraft:
        """Return it as the use case takes it."""
        return AnswerDraft(
            title=self.title,
            description=self.description,
            queue_id=self.queue,
            schedulable=self.schedulable,
            duration_minutes=self.duration_minutes,
            buffer_before_minutes=self.buffer_before_minutes,
            buffer_after_minutes=self.buffer_after_minutes,
            languages=tuple(self.languages),
            channels=tuple(self.channels),
            documents=tuple(self.documents),
        )


class AnswerChangeBody(SeenBody, AnswerBody):
    """An Answer as it shall be, and the version that was looked at."""


class OrderBody(Body):
    """All Answers that are not archived: as they shall be, and as they were seen."""

    order: Annotated[list[Id], Field(max_length=_MOST)]
    seen: Annotated[list[Id], Field(max_length=_MOST)]


class AnswerLine(Answer):
    """An Answer as its administrators see it."""

    id: UUID
    version: int
    title: str
    description: str
    queue: UUID
    schedulable: bool
    archived: bool
    duration_minutes: int | None
    buffer_before_minutes: int
    buffer_after_minutes: int
    languages: tuple[str, ...]
    channels: tuple[Channel, ...]
    documents: tuple[str, ...]
    live_appointments: int

    @classmethod
    def of(cls, managed: ManagedAnswer) -> Self:
        """Return the Answer as told to administrators."""
        answer = managed.answer
        length = answer.duration
        return cls(
            id=answer.id,
            version=answer.version,
            title=answer.title,
            description=answer.description,
            queue=answer.queue_id,
            schedulable=answer.schedulable,
            archived=answer.archived,
            duration_minutes=None if length is None else length // MINUTE,
            buffer_before_minutes=answer.buffer_before // MINUTE,
            buffer_after_minutes=answer.buffer_after // MINUTE,
            languages=answer.languages,
            channels=answer.channels,
            documents=answer.documents,
            live_appointments=managed.live,
        )


class AnswerLines(Answer):
    """All Answers, in the order customers read them; archived ones last."""

    answers: tuple[AnswerLine, ...]

    @classmethod
    def of(cls, desk: AnswerDesk) -> Self:
        """Return the Answers as told to administrators."""
        return cls(answers=tuple(map(AnswerLine.of, desk.answers)))


class QueueBody(Body):
    """A queue as it shall be."""

    name: Line
    active: bool = True
    assignment: ModeName = Mode.UNASSIGNED

    def as_draft(self) -> QueueDraft:
        """Return it as the use case takes it."""
        return QueueDraft(
            name=self.name, active=self.active, assignment=self.assignment
        )


class QueueChangeBody(SeenBody, QueueBody):
    """A queue as it shall be, and the version that was looked at."""


class ServersBody(DecidedBody):
    """Who shall serve a queue, and who served it when it was looked at."""

    people: Ids
    seen: Ids


class QueueLine(Answer):
    """A queue as its administrators see it; `people` serve it."""

    id: UUID
    version: int
    name: str
    active: bool
    assignment: Mode
    answers: tuple[str, ...]
    people: tuple[UUID, ...]
    live_appointments: int

    @classmethod
    def of(cls, managed: ManagedQueue) -> Self:
        """Return the queue as told to administrators."""
        queue = managed.queue
        return cls(
            id=queue.id,
            version=queue.version,
            name=queue.name,
            active=queue.active,
            assignment=queue.assignment,
            answers=managed.answers,
            people=tuple(person.id for person in managed.people),
            live_appointments=managed.live,
        )


class QueueLines(Answer):
    """All queues; those no longer on offer last."""

    queues: tuple[QueueLine, ...]

    @classmethod
    def of(cls, desk: QueueDesk) -> Self:
        """Return the queues as told to administrators."""
        return cls(queues=tuple(map(QueueLine.of, desk.queues)))


class LanguageBody(Body):
    """A language to offer: ISO 639-1 code; its English name if `name` is empty."""

    code: Language
    name: Line = ""


class LanguageNameBody(Body):
    """What a language shall be called, and the name that was looked at."""

    name: Line
    seen: Line


class LanguageLine(Answer):
    """A language on offer."""

    code: str
    name: str
    live_appointments: int

    @classmethod
    def of(cls, managed: ManagedLanguage) -> Self:
        """Return the language as told to administrators."""
        return cls(code=managed.code, name=managed.name, live_appointments=managed.live)


class LanguageLines(Answer):
    """All languages on offer."""

    languages: tuple[LanguageLine, ...]

    @classmethod
    def of(cls, languages: Iterable[ManagedLanguage]) -> Self:
        """Return the languages as told to administrators."""
        return cls(languages=tuple(map(LanguageLine.of, languages)))


class InstitutionBody(DecidedBody):
    """What the institution says of itself, and the version that was looked at."""

    name: Line
    tagline: Text = ""
    phone: Line = ""
    time_zone: Line
    country: Annotated[str, Field(min_length=2, max_length=2)]
    version: Line

    def as_draft(self) -> InstitutionDraft:
        """Return it as the use case takes it."""
        return InstitutionDraft(
            name=self.name,
            tagline=self.tagline,
            phone=self.phone,
            time_zone=self.time_zone,
            country=self.country,
        )


class InstitutionOut(Answer):
    """What the institution says of itself."""

    name: str
    tagline: str
    phone: str
    time_zone: str
    country: str
    version: str

    @classmethod
    def of(cls, managed: ManagedInstitution) -> Self:
        """Return the institution as told to administrators."""
        institution = managed.institution
        return cls(
            name=institution.name,
            tagline=institution.tagline,
            phone=institution.phone,
            time_zone=institution.zone.key,
            country=institution.country,
            version=managed.version,
        )


class DayBody(Body):
    """A date of the institution on which nobody works."""

    day: Day
    name: Line


class HolidaysBody(DecidedBody):
    """Dates to close, and dates to open again; all of it or nothing."""

    close: Annotated[list[DayBody], Field(max_length=_MOST, default_factory=list)]
    reopen: Annotated[list[Day], Field(max_length=_MOST, default_factory=list)]


class HolidayLine(Answer):
    """A date and its name."""

    day: date
    name: str


class HolidayLines(Answer):
    """Closed days from today on, earliest first."""

    holidays: tuple[HolidayLine, ...]

    @classmethod
    def of(cls, desk: ClosureDesk) -> Self:
        """Return the closed days as told to administrators."""
        lines = (HolidayLine(day=one.day, name=one.name) for one in desk.days)
        return cls(holidays=tuple(lines))


class PublicHolidayLine(HolidayLine):
    """A date of a country's calendar; `closed` if the institution closes on it."""

    closed: bool


class PublicHolidayLines(Answer):
    """Public holidays of a year from today on, earliest first."""

    holidays: tuple[PublicHolidayLine, ...]

    @classmethod
    def of(cls, found: Iterable[PublicHoliday]) -> Self:
        """Return the days as told to administrators."""
        lines = (
            PublicHolidayLine(day=one.day, name=one.name, closed=one.closed)
            for one in found
        )
        return cls(holidays=tuple(lines))
