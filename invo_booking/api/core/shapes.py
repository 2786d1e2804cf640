"""What travels over the wire: requests, read strictly, and answers."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    model_validator,
)

from invo_booking.api.core.instants import INSTANT_PATTERN, read_instant, utc_text
from invo_booking.api.core.said import read_said
from invo_booking.domain.appointment import Appointment, Channel, Phase, Status
from invo_booking.domain.contact import NOTES_LIMIT, masked_email
from invo_booking.usecases.booking.booking import AnswerOption, Booked, BookingRequest
from invo_booking.usecases.booking.manage import Visit
from invo_booking.usecases.slots.assigning import AgentChoice

Instant = Annotated[
    datetime,
    BeforeValidator(read_instant),
    Field(json_schema_extra={"pattern": INSTANT_PATTERN}),
]
InstantText = Annotated[datetime, PlainSerializer(utc_text, return_type=str)]
Id = Annotated[UUID, Field(strict=False)]
ChannelName = Annotated[Channel, Field(strict=False)]
Language = Annotated[str, Field(min_length=2, max_length=16)]
LINE = Field(
    json_schema_extra={"format": "line"},
    description="One line of text: no controls, at most 120 characters that show.",
)
Name = Annotated[str, Field(max_length=200), LINE]
Email = Annotated[str, Field(max_length=254, json_schema_extra={"format": "email"})]
Phone = Annotated[
    str,
    Field(
        max_length=64,
        json_schema_extra={"format": "phone"},
        description="With its area code, such as +1 312 555 0100.",
    ),
]
ZoneName = Annotated[
    str,
    Field(
        max_length=64,
        json_schema_extra={"format": "time-zone"},
        description="IANA name, such as America/Chicago.",
    ),
]
Notes = Annotated[
    str,
    Field(
        max_length=NOTES_LIMIT,
        json_schema_extra={"format": "text"},
        description="Text without controls; line breaks are kept.",
    ),
]
Reason = Annotated[str, Field(max_length=500)]
Said = Annotated[str, BeforeValidator(read_said, json_schema_input_type=object)]
"""What the customer's browser says; whatever cannot be used has a fallback."""

Version = Annotated[int, Field(ge=1, le=2**31 - 1)]


def _whole(value: object) -> object:
    is_whole = isinstance(value, float) and value.is_integer()
    return int(value) if is_whole else value  # type: ignore[call-overload]


class Body(BaseModel):
    """A request body: nothing undocumented, nothing of another type."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _read_numbers(cls, sent: object) -> object:
        """Take ``5.0`` for the whole number it is, as JSON does."""
        if not isinstance(sent, dict):
            return sent
        return {name: _whole(value) for name, value in sent.items()}


class Answer(BaseModel):
    """What a caller is told."""

    model_config = ConfigDict(frozen=True)


class NewBooking(Body):
    """A customer asks for an appointment.

    Attributes:
        customer_identified: Whether the program that sends this, with its own token,
            knows who the customer is; the appointment is then confirmed at once.
        time_zone: IANA name the customer's browser says; anything that is none stands
            for the institution's zone.
        locale: BCP 47 tag of the same; anything that is none stands for English as
            written in the institution's country.
    """

    answer: Id
    language: Language
    channel: ChannelName
    starts_at: Instant
    name: Name
    email: Email = ""
    phone: Phone = ""
    time_zone: Said = ""
    locale: Said = ""
    notes: Notes = ""
    agent: Id | None = None
    customer_identified: bool = False

    def as_request(self) -> BookingRequest:
        """Return it as the use case takes it."""
        renamed = {"answer": "answer_id", "agent": "agent_id"}
        return BookingRequest(
            **{
                renamed.get(name, name): value
                for name, value in self
                if name != "customer_identified"
            }
        )


class CancelBody(Body):
    """A customer cancels, perhaps saying why."""

    reason: Reason = ""


class RescheduleBody(Body):
    """A customer picks another start, and perhaps another agent."""

    starts_at: Instant
    agent: Id | None = None


class AddressBody(Body):
    """A customer corrects the address of a request."""

    email: Email


class SendLinksBody(Body):
    """Somebody asks for the links of their own appointments."""

    email: Email


class AgentChoiceOut(Answer):
    """An agent the customer may choose, and the topic's languages the agent speaks."""

    id: UUID
    name: str
    languages: tuple[str, ...]


class AnswerOut(Answer):
    """A topic that can be booked.

    Attributes:
        agents: Whom the customer may choose; empty where there is no choice.
    """

    id: UUID
    title: str
    description: str
    queue: str
    duration_minutes: int
    languages: tuple[str, ...]
    channels: tuple[Channel, ...]
    documents: tuple[str, ...]
    agents: tuple[AgentChoiceOut, ...]

    @classmethod
    def of(cls, option: AnswerOption, agents: Iterable[AgentChoice]) -> Self:
        """Return the topic as told to callers."""
        return cls(
            id=option.id,
            title=option.title,
            description=option.description,
            queue=option.queue_name,
            duration_minutes=option.duration_minutes,
            languages=option.languages,
            channels=option.channels,
            documents=option.documents,
            agents=tuple(
                AgentChoiceOut(id=it.id, name=it.name, languages=it.languages)
                for it in agents
            ),
        )


class AnswersOut(Answer):
    """The institution and what can be booked with it."""

    institution: str
    time_zone: str
    scheduling_on: bool
    contact: str
    answers: tuple[AnswerOut, ...]


class SlotOut(Answer):
    """An open slot, in UTC and on the clock of the zone asked for."""

    start: str
    end: str
    local_start: str
    local_end: str


class SlotsOut(Answer):
    """Open slots, earliest first.

    Attributes:
        closed_days: For dates of the institution without a slot, why, as pages say it;
            past ones and those beyond the horizon are left out.
        horizon_end: Nothing is offered from this instant on.
    """

    time_zone: str
    horizon_end: str
    closed_days: dict[str, str]
    slots: list[SlotOut]


class BookedOut(Answer):
    """A slot is held.

    Attributes:
        status_url: The customer's page; whoever knows it may move and cancel. With an
            e-mail address given, only the link mailed to it confirms.
        confirm_by: When an unconfirmed request lapses; ``null`` if it need not be
            confirmed.
    """

    id: UUID
    token: str
    status: Status
    starts_at: InstantText
    ends_at: InstantText
    confirm_by: InstantText | None
    mailed_to: str
    status_url: str

    @classmethod
    def of(cls, booked: Booked, public_url: str) -> Self:
        """Return the booking as told to the caller who made it."""
        appointment = booked.appointment
        return cls(
            id=appointment.id,
            token=booked.token,
            status=appointment.status,
            starts_at=appointment.starts_at,
            ends_at=appointment.ends_at,
            confirm_by=booked.confirm_by,
            mailed_to=booked.mailed_to,
            status_url=f"{public_url}/a/{booked.token}",
        )


class VisitOut(Answer):
    """An appointment, as its customer may see it.

    Attributes:
        mailed_to: The address, all but its first letter and domain hidden; or empty.
        can_confirm: Whether this very link confirms the request.
        over_limit: Whether an earlier appointment must be cancelled first; told only to
            the mailed link.
    """

    status: Status
    phase: Phase
    title: str
    channel: Channel
    language: str
    starts_at: InstantText
    ends_at: InstantText
    joinable_from: InstantText
    confirm_by: InstantText | None
    agent: str
    queue: str
    institution: str
    institution_time_zone: str
    institution_phone: str
    documents: tuple[str, ...]
    mailed_to: str
    can_confirm: bool
    can_cancel: bool
    can_reschedule: bool
    over_limit: bool

    @classmethod
    def of(cls, visit: Visit) -> Self:
        """Return the visit as told to the holder of its link."""
        appointment: Appointment = visit.appointment
        return cls(
            status=appointment.status,
            phase=visit.phase,
            title=appointment.title,
            channel=appointment.channel,
            language=appointment.language,
            starts_at=appointment.starts_at,
            ends_at=appointment.ends_at,
            joinable_from=visit.joinable_from,
            confirm_by=appointment.confirm_by,
            agent=visit.agent_name,
            queue=visit.queue_name,
            institution=visit.institution_name,
            institution_time_zone=visit.institution_zone,
            institution_phone=visit.institution_phone,
            documents=visit.documents,
            mailed_to=masked_email(appointment.customer.email),
            can_confirm=visit.can_confirm,
            can_cancel=visit.can_cancel,
            can_reschedule=visit.can_reschedule,
            over_limit=visit.over_limit,
        )


class JoinOut(Answer):
    """Where the call takes place."""

    url: str
