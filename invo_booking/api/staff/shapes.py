"""Requests and responses about appointments for staff."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from invo_booking.api.core.shapes import (
    IN_ORDER,
    Body,
    ChannelName,
    Email,
    Id,
    Instant,
    InstantText,
    Language,
    Name,
    Notes,
    Phone,
    ResponseModel,
    Version,
    read_from,
)
from invo_booking.domain.access.roles import Action
from invo_booking.domain.appointment import Channel, Phase, Status
from invo_booking.usecases.appointment.drafts import KEEP, AppointmentChange

Title = Annotated[str, Field(max_length=200)]


class DraftBody(Body):
    """An appointment made by staff, which is confirmed at once.

    409 `customer_busy` if the customer has another appointment at that time, unless
    ``despite_overlap``.
    """

    answer_id: Id | None = Field(default=None, alias="answer")
    title: Title = ""
    queue_id: Id = Field(alias="queue")
    language: Language
    channel: ChannelName
    branch_id: Id | None = Field(default=None, alias="branch")
    starts_at: Instant
    ends_at: Instant
    agent_id: Id | None = Field(default=None, alias="agent")
    name: Name
    email: Email = ""
    phone: Phone = ""
    notes: Notes = ""
    despite_overlap: bool = False


class ChangeBody(Body):
    """The changed values; missing members change nothing. ``agent: null`` unassigns."""

    starts_at: Instant | None = None
    ends_at: Instant | None = None
    agent: Id | None = None
    name: Name | None = None
    email: Email | None = None
    phone: Phone | None = None
    notes: Notes | None = None
    channel: ChannelName | None = None
    branch_id: Id | None = Field(default=None, alias="branch")
    language: Language | None = None
    despite_overlap: bool = False
    version: Version | None = None

    def as_change(self) -> AppointmentChange:
        """Return the change for the use case."""
        values: dict[str, Any] = {"agent": KEEP}
        for name in self.model_fields_set - {"version"}:
            values[name] = getattr(self, name)
        return AppointmentChange(**values)


class AssignBody(Body):
    """The agent to assign; ``null`` to unassign."""

    agent: Id | None
    version: Version | None = None


class CustomerResponse(ResponseModel):
    """The customer of an appointment."""

    name: str
    email: str
    phone: str
    time_zone: str
    locale: str


class AppointmentResponse(ResponseModel):
    """An appointment as staff see it.

    `unchecked_at`: When the agent or the time was chosen although the agent's own
    calendar could not be read.
    """

    id: UUID
    version: int
    status: Status
    answer: UUID | None = read_from("answer_id")
    title: str
    queue: UUID = read_from("queue_id")
    language: str
    channel: Channel
    branch: UUID | None = read_from("branch_id")
    agent: UUID | None = read_from("agent_id")
    starts_at: InstantText
    ends_at: InstantText
    confirm_by: InstantText | None
    customer: CustomerResponse
    notes: str
    cancel_reason: str
    assigned_because: str
    unchecked_at: InstantText | None


class HistoryResponse(ResponseModel):
    """One entry of the history."""

    at: InstantText
    actor: str
    action: str
    detail: dict[str, Any]


class CandidateResponse(ResponseModel):
    """An agent who could serve the appointment; a list has the best agent first."""

    agent: UUID = read_from("agent_id")
    name: str
    free: bool
    why: str


class AppointmentDetailResponse(ResponseModel):
    """Everything about one appointment."""

    appointment: AppointmentResponse
    phase: Phase
    queue: str = read_from("queue_name")
    agent: str = read_from("agent_name")
    history: tuple[HistoryResponse, ...]
    candidates: tuple[CandidateResponse, ...]
    mail_trouble: str
    allowed: Annotated[tuple[Action, ...], IN_ORDER]


class SpanResponse(ResponseModel):
    """A span of time."""

    start: InstantText
    end: InstantText


class ReasonResponse(ResponseModel):
    """A rule that closes a start."""

    rule: str
    sentence: str


class StartJudgmentResponse(ResponseModel):
    """Whether a start is open to customers, and if not, why not."""

    start: InstantText = read_from("starts_at")
    end: InstantText = read_from("ends_at")
    open: bool
    free: int
    designated: int
    reasons: tuple[ReasonResponse, ...]


class StartJudgmentsResponse(ResponseModel):
    """Every possible start in a window, earliest first, with whether it is open."""

    starts: tuple[StartJudgmentResponse, ...]


class LaneResponse(ResponseModel):
    """A column of the calendar: an agent, or a queue in a language."""

    id: str
    title: str
    subtitle: str
    duty: tuple[SpanResponse, ...]


class EventResponse(ResponseModel):
    """An appointment in a lane; only appointments that the caller may see."""

    id: UUID
    lane: str = read_from("lane_id")
    starts_at: InstantText
    ends_at: InstantText
    title: str
    topic: str
    phase: Phase
    unassigned: bool
    mine: bool
    editable: bool
    version: int
    queue: UUID = read_from("queue_id")
    language: str
    agent: UUID | None = read_from("agent_id")
    agent_name: str


class BoardResponse(ResponseModel):
    """Lanes with their events."""

    time_zone: str
    lanes: tuple[LaneResponse, ...]
    appointments: tuple[EventResponse, ...] = read_from("events")


class OpeningsResponse(ResponseModel):
    """The times to which an appointment can be moved, by lane."""

    lanes: dict[str, tuple[SpanResponse, ...]]


class NamedResponse(ResponseModel):
    """An object with a name."""

    id: UUID
    name: str


class AgentResponse(ResponseModel):
    """A colleague who can be assigned."""

    id: UUID
    name: str
    queues: Annotated[tuple[UUID, ...], IN_ORDER]
    languages: Annotated[tuple[str, ...], IN_ORDER]


class CatalogueResponse(ResponseModel):
    """The choices for an appointment, and what the caller's role allows."""

    institution: str = read_from("institution_name")
    time_zone: str
    queues: tuple[NamedResponse, ...]
    branches: tuple[NamedResponse, ...]
    languages: tuple[str, ...]
    agents: tuple[AgentResponse, ...]
    step_minutes: int
    min_minutes: int
    max_minutes: int
    default_minutes: int
    allowed: Annotated[tuple[Action, ...], IN_ORDER]
