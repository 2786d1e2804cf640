"""Define bodies of requests and responses; requests are parsed strictly."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache
from typing import Annotated, Any, Self, TypeVar
from uuid import UUID

from pydantic import (
    AliasPath,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    TypeAdapter,
    model_validator,
)

from invo_booking.api.core.instants import (
    INSTANT_PATTERN,
    instant_in_json,
    read_instant_of_query,
)
from invo_booking.api.core.said import readable_request_text
from invo_booking.domain.appointment import Channel, Phase, Status
from invo_booking.domain.contact import NOTES_LIMIT, masked_email
from invo_booking.usecases.appointment.steps import LONGEST_REASON

T = TypeVar("T")
Instant = Annotated[
    datetime,
    BeforeValidator(read_instant_of_query),
    Field(json_schema_extra={"pattern": INSTANT_PATTERN}),
]
InstantText = Annotated[datetime, PlainSerializer(instant_in_json, return_type=str)]
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
Reason = Annotated[str, Field(max_length=LONGEST_REASON)]
Said = Annotated[
    str, BeforeValidator(readable_request_text, json_schema_input_type=object)
]
"""Text reported by the customer's browser; an invalid text becomes empty."""

Password = Annotated[str, Field(max_length=1_024)]
Version = Annotated[int, Field(ge=1, le=2**31 - 1)]


def _whole_number(value: object) -> object:
    is_whole = isinstance(value, float) and value.is_integer()
    return int(value) if is_whole else value  # type: ignore[call-overload]


class Body(BaseModel):
    """A request body; unknown members and members of a wrong type are refused."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    def read_as(self, kind: type[T], **more: object) -> T:
        """Convert the body to a class of the use cases with fields of the same names.

        Args:
            kind: The class; members of the body without such a field are left out.
            more: Values of fields that the body lacks, or has in another form.
        """
        return _reader(kind).validate_python({**self.model_dump(), **more})

    @model_validator(mode="before")
    @classmethod
    def _read_numbers(cls, sent: object) -> object:
        """Accept ``5.0`` as a whole number, because in JSON it is the same as ``5``."""
        if not isinstance(sent, dict):
            return sent
        return {name: _whole_number(value) for name, value in sent.items()}


class ResponseModel(BaseModel):
    """A response body whose fields are read from the attributes of a value."""

    model_config = ConfigDict(frozen=True, from_attributes=True)

    @classmethod
    def of(cls, value: object, **more: object) -> Self:
        """Return the response for a value.

        Args:
            value: Object with an attribute for each field; see ``read_from`` for fields
                with another name or path.
            more: Further attributes by name, which take precedence.
        """
        return cls.model_validate(_With(value, more) if more else value)


class _With:
    """A value with further attributes."""

    def __init__(self, value: object, more: Mapping[str, object]) -> None:
        self._value = value
        self.__dict__.update(more)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._value, name)


def read_from(*path: str) -> Any:
    """Return a field that is read from nested attributes, such as ``agent.name``."""
    return Field(validation_alias=AliasPath(*path))


def _whole_minutes(length: timedelta) -> int:
    return length // timedelta(minutes=1)


IN_ORDER = BeforeValidator(sorted)
"""Validator that makes a sorted list of a set."""

WholeMinutes = Annotated[int, BeforeValidator(_whole_minutes)]


@cache
def _reader(kind: type[T]) -> TypeAdapter[T]:
    return TypeAdapter(kind)


class NewBooking(Body):
    """A request for an appointment.

    Attributes:
        customer_identified: Whether the program that sends the request with its token
            has identified the customer; the appointment is then confirmed at once.
        time_zone: IANA name from the customer's browser; if invalid, the institution's
            zone is used.
        locale: BCP 47 tag from the customer's browser; if invalid, English as in the
            institution's country is used.
    """

    answer_id: Id = Field(alias="answer")
    language: Language
    channel: ChannelName
    starts_at: Instant
    name: Name
    email: Email = ""
    phone: Phone = ""
    time_zone: Said = ""
    locale: Said = ""
    notes: Notes = ""
    agent_id: Id | None = Field(default=None, alias="agent")
    branch_id: Id | None = Field(default=None, alias="branch")
    customer_identified: bool = False


class CancelBody(Body):
    """A cancellation, with an optional reason."""

    reason: Reason = ""


class RescheduleBody(Body):
    """A new start, and optionally another agent."""

    starts_at: Instant
    agent: Id | None = None


class AddressBody(Body):
    """The corrected e-mail address of an appointment request."""

    email: Email


class SendLinksBody(Body):
    """A request to mail links to the appointments booked with an e-mail address."""

    email: Email


class AgentChoiceResponse(ResponseModel):
    """An agent the customer may choose; `languages` are those shared with the topic."""

    id: UUID
    name: str
    languages: tuple[str, ...]


class AnswerResponse(ResponseModel):
    """A topic that can be booked.

    Attributes:
        agents: Agents the customer may choose; empty if there is no choice.
    """

    id: UUID
    title: str
    description: str
    queue: str = read_from("queue_name")
    duration_minutes: int
    languages: tuple[str, ...]
    channels: tuple[Channel, ...]
    documents: tuple[str, ...]
    agents: tuple[AgentChoiceResponse, ...]


class AnswersResponse(ResponseModel):
    """The institution and its bookable topics."""

    institution: str = read_from("name")
    time_zone: str
    scheduling_on: bool
    contact: str
    answers: tuple[AnswerResponse, ...]


class BranchResponse(ResponseModel):
    """A branch at which visits are held.

    Attributes:
        street: Lines of the address above the town; empty if the address is not known.
        map_url: URL of a map that shows the branch; empty if its address is unknown.
    """

    id: UUID
    name: str
    street: tuple[str, ...]
    town: str
    region: str
    postal_code: str
    country: str
    phone: str
    directions: str
    time_zone: str = read_from("zone", "key")
    latitude: float | None
    longitude: float | None
    map_url: str


class BranchesResponse(ResponseModel):
    """The branches at which visits can be booked, sorted by name."""

    branches: tuple[BranchResponse, ...]


class SlotResponse(ResponseModel):
    """An open slot, in UTC and in the requested zone.

    Attributes:
        branch: Where a visit in this slot is held; ``null`` for other channels.
    """

    start: str
    end: str
    local_start: str
    local_end: str
    branch: UUID | None


class SlotsResponse(ResponseModel):
    """Open slots, earliest first.

    Attributes:
        closed_days: Why a date has no slot, in words as on the pages. Dates are those
            of the institution or, for visits, of the branch. Past dates and dates
            beyond the horizon are left out.
        horizon_end: End of the booking horizon.
        branch: Where visits in all of these slots are held; ``null`` for other
            channels, and with `branch=any`.
        time_zone: Zone of the local times. With `branch=any` and no `tz`, the local
            times of each slot are in the zone of its branch, and `time_zone` is that of
            the first slot.
    """

    time_zone: str
    horizon_end: str
    branch: UUID | None
    closed_days: dict[str, str]
    slots: list[SlotResponse]


class BookingResponse(ResponseModel):
    """A held slot.

    Attributes:
        status_url: URL of the customer's page. Anyone who has this URL can move and
            cancel the appointment. If the request has an email address, only the mailed
            link confirms the appointment.
        confirm_by: When an unconfirmed request expires; ``null`` if no confirmation is
            needed.
    """

    id: UUID = read_from("appointment", "id")
    token: str
    status: Status = read_from("appointment", "status")
    starts_at: InstantText = read_from("appointment", "starts_at")
    ends_at: InstantText = read_from("appointment", "ends_at")
    confirm_by: InstantText | None
    mailed_to: str
    status_url: str


class VisitResponse(ResponseModel):
    """An appointment as its customer sees it.

    Attributes:
        mailed_to: The customer's email address, masked except for its first letter and
            domain; may be empty.
        can_confirm: Whether this link confirms the request.
        has_room: Whether the appointment is a video call that is joined at `join_url`.
        join_url: Page with a button to join the call; empty while the call cannot be
            joined.
        customer_calls: Whether the customer calls `institution_phone` at a phone
            appointment; otherwise the institution calls the customer.
        over_limit: Whether the customer must first cancel another appointment to
            confirm this one; false if `can_confirm` is false.
    """

    status: Status = read_from("appointment", "status")
    phase: Phase
    title: str = read_from("appointment", "title")
    channel: Channel = read_from("appointment", "channel")
    language: str = read_from("appointment", "language")
    starts_at: InstantText = read_from("appointment", "starts_at")
    ends_at: InstantText = read_from("appointment", "ends_at")
    joinable_from: InstantText
    confirm_by: InstantText | None = read_from("appointment", "confirm_by")
    agent: str = read_from("agent_name")
    queue: str = read_from("queue_name")
    institution: str = read_from("institution_name")
    institution_time_zone: str = read_from("institution_zone")
    institution_phone: str
    branch: BranchResponse | None
    documents: tuple[str, ...]
    mailed_to: Annotated[str, BeforeValidator(masked_email)] = read_from(
        "appointment", "customer", "email"
    )
    can_confirm: bool
    can_cancel: bool
    can_reschedule: bool
    can_report_late: bool
    is_running_late: bool
    has_room: bool
    join_url: str
    customer_calls: bool
    over_limit: bool


class JoinAddressResponse(ResponseModel):
    """The URL of the video call."""

    url: str
