"""What travels between staff's programs and us."""

from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import Field

from invo_booking.api.core.instants import utc_text
from invo_booking.api.core.shapes import (
    Answer,
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
    Version,
)
from invo_booking.domain.access.roles import Action
from invo_booking.domain.appointment import Appointment, Channel, Phase, Status
from invo_booking.domain.interval import Interval
from invo_booking.usecases.slots.why import Judgement
from invo_booking.usecases.staff.appointments import KEEP, Change, Draft
from invo_booking.usecases.staff.calendar import Board, BoardEvent, Catalogue, Lane
from invo_booking.usecases.staff.detail import Detail

Title = Annotated[str, Field(max_length=200)]


class DraftBody(Body):
    """An appointment made by staff; confirmed at once.

    409 `customer_busy` if the customer has another one at that time, unless
    ``despite_overlap``.
    """

    answer: Id | None = None
    title: Title = ""
    queue: Id
    language: Language
    channel: ChannelName
    starts_at: Instant
    ends_at: Instant
    agent: Id | None = None
    name: Name
    email: Email = ""
    phone: Phone = ""
    notes: Notes = ""
    despite_overlap: bool = False

    def as_draft(self) -> Draft:
        """Return it as the use case takes it."""
        renamed = {"answer": "answer_id", "queue": "queue_id", "agent": "agent_id"}
        return Draft(**{renamed.get(name, name): value for name, value in self})


class ChangeBody(Body):
    """What shall be different; what is absent stays. ``agent: null`` un-assigns."""

    starts_at: Instant | None = None
    ends_at: Instant | None = None
    agent: Id | None = None
    name: Name | None = None
    email: Email | None = None
    phone: Phone | None = None
    notes: Notes | None = None
    channel: ChannelName | None = None
    language: Language | None = None
    despite_overlap: bool = False
    version: Version | None = None

    def as_change(self) -> Change:
        """Return it as the use case takes it."""
        given: dict[str, Any] = {"agent": KEEP}
        for name in self.model_fields_set - {"version"}:
            given[name] = getattr(self, name)
        return Change(**given)


class AssignBody(Body):
    """Who shall serve; ``null`` for nobody yet."""

    agent: Id | None
    version: Version | None = None


class CustomerOut(Answer):
    """The attendee."""

    name: str
    email: str
    phone: str
    time_zone: str
    locale: str


class AppointmentOut(Answer):
    """An appointment, as staff see it.

    `unchecked_at`: when it was booked without an answer of the agent's own calendar.
    """

    id: UUID
    version: int
    status: Status
    answer: UUID | None
    title: str
    queue: UUID
    language: str
    channel: Channel
    agent: UUID | None
    starts_at: InstantText
    ends_at: InstantText
    confirm_by: InstantText | None
    customer: CustomerOut
    notes: str
    cancel_reason: str
    assigned_because: str
    unchecked_at: InstantText | None

    @classmethod
    def of(cls, appointment: Appointment) -> Self:
        """Return the appointment as told to staff."""
        customer = appointment.customer
        return cls(
            id=appointment.id,
            version=appointment.version,
            status=appointment.status,
            answer=appointment.answer_id,
            title=appointment.title,
            queue=appointment.queue_id,
            language=appointment.language,
            channel=appointment.channel,
            agent=appointment.agent_id,
            starts_at=appointment.starts_at,
            ends_at=appointment.ends_at,
            confirm_by=appointment.confirm_by,
            customer=CustomerOut(
                name=customer.name,
                email=customer.email,
                phone=customer.phone,
                time_zone=customer.time_zone,
                locale=customer.locale,
            ),
            notes=appointment.notes,
            cancel_reason=appointment.cancel_reason,
            assigned_because=appointment.assigned_because,
            unchecked_at=appointment.unchecked_at,
        )


class HistoryOut(Answer):
    """One thing that happened, and who did it."""

    at: InstantText
    actor: str
    action: str
    detail: dict[str, Any]


class CandidateOut(Answer):
    """An agent who could serve, best first."""

    agent: UUID
    name: str
    free: bool
    why: str


class DetailOut(Answer):
    """Everything about one appointment."""

    appointment: AppointmentOut
    phase: Phase
    queue: str
    agent: str
    history: tuple[HistoryOut, ...]
    candidates: tuple[CandidateOut, ...]
    mail_trouble: str
    allowed: tuple[Action, ...]

    @classmethod
    def of(cls, detail: Detail) -> Self:
        """Return the detail as told to staff."""
        return cls(
            appointment=AppointmentOut.of(detail.appointment),
            phase=detail.phase,
            queue=detail.queue_name,
            agent=detail.agent_name,
            history=tuple(
                HistoryOut(
                    at=line.at,
                    actor=line.actor,
                    action=line.action,
                    detail=dict(line.detail),
                )
                for line in detail.history
            ),
            candidates=tuple(
                CandidateOut(agent=c.agent_id, name=c.name, free=c.free, why=c.why)
                for c in detail.candidates
            ),
            mail_trouble=detail.mail_trouble,
            allowed=tuple(sorted(detail.allowed)),
        )


class SpanOut(Answer):
    """A span of time."""

    start: str
    end: str

    @classmethod
    def of(cls, span: Interval) -> Self:
        """Return the span as text."""
        return cls(start=utc_text(span.start), end=utc_text(span.end))


class ReasonOut(Answer):
    """A rule that closes a start."""

    rule: str
    sentence: str


class JudgementOut(Answer):
    """Whether a start is open to customers, and if not, why not."""

    start: str
    end: str
    open: bool
    free: int
    designated: int
    reasons: tuple[ReasonOut, ...]

    @classmethod
    def of(cls, found: Judgement) -> Self:
        """Return the judgement as told to staff."""
        return cls(
            start=utc_text(found.starts_at),
            end=utc_text(found.ends_at),
            open=found.open,
            free=found.free,
            designated=found.designated,
            reasons=tuple(
                ReasonOut(rule=str(reason.rule), sentence=reason.sentence)
                for reason in found.reasons
            ),
        )


class JudgementsOut(Answer):
    """Every start of a window, earliest first."""

    starts: tuple[JudgementOut, ...]


class LaneOut(Answer):
    """A column of the calendar: an agent, or a queue in a language."""

    id: str
    title: str
    subtitle: str
    duty: tuple[SpanOut, ...]
    busy: tuple[SpanOut, ...]

    @classmethod
    def of(cls, lane: Lane) -> Self:
        """Return the lane as told to staff."""
        return cls(
            id=lane.id,
            title=lane.title,
            subtitle=lane.subtitle,
            duty=tuple(map(SpanOut.of, lane.duty)),
            busy=tuple(map(SpanOut.of, lane.busy)),
        )


class EventOut(Answer):
    """An appointment in a lane; "Busy" where the caller may not know more."""

    id: UUID
    lane: str
    starts_at: InstantText
    ends_at: InstantText
    title: str
    topic: str
    phase: Phase
    unassigned: bool
    mine: bool
    editable: bool
    version: int
    queue: UUID
    language: str
    agent: UUID | None
    agent_name: str

    @classmethod
    def of(cls, event: BoardEvent) -> Self:
        """Return the event as told to staff."""
        return cls(
            id=event.id,
            lane=event.lane_id,
            starts_at=event.starts_at,
            ends_at=event.ends_at,
            title=event.title,
            topic=event.topic,
            phase=event.phase,
            unassigned=event.unassigned,
            mine=event.mine,
            editable=event.editable,
            version=event.version,
            queue=event.queue_id,
            language=event.language,
            agent=event.agent_id,
            agent_name=event.agent_name,
        )


class BoardOut(Answer):
    """Lanes, and what lies in them."""

    time_zone: str
    lanes: tuple[LaneOut, ...]
    appointments: tuple[EventOut, ...]

    @classmethod
    def of(cls, board: Board) -> Self:
        """Return the board as told to staff."""
        return cls(
            time_zone=board.time_zone,
            lanes=tuple(map(LaneOut.of, board.lanes)),
            appointments=tuple(map(EventOut.of, board.events)),
        )


class OpeningsOut(Answer):
    """Where an appointment may be moved to, by lane."""

    lanes: dict[str, tuple[SpanOut, ...]]


class NamedOut(Answer):
    """A thing with a name."""

    id: UUID
    name: str


class AgentOut(Answer):
    """A colleague who can be assigned."""

    id: UUID
    name: str
    queues: tuple[UUID, ...]
    languages: tuple[str, ...]


class CatalogueOut(Answer):
    """What an appointment can be made of, and what the caller's role allows."""

    institution: str
    time_zone: str
    queues: tuple[NamedOut, ...]
    languages: tuple[str, ...]
    agents: tuple[AgentOut, ...]
    step_minutes: int
    min_minutes: int
    max_minutes: int
    default_minutes: int
    allowed: tuple[Action, ...]

    @classmethod
    def of(cls, catalogue: Catalogue) -> Self:
        """Return the catalogue as told to staff."""
        return cls(
            institution=catalogue.institution_name,
            time_zone=catalogue.time_zone,
            queues=tuple(NamedOut(id=q.id, name=q.name) for q in catalogue.queues),
            languages=catalogue.languages,
            agents=tuple(
                AgentOut(
                    id=agent.id,
                    name=agent.name,
                    queues=tuple(sorted(agent.queues)),
                    languages=tuple(sorted(agent.languages)),
                )
                for agent in catalogue.agents
            ),
            step_minutes=catalogue.step_minutes,
            min_minutes=catalogue.min_minutes,
            max_minutes=catalogue.max_minutes,
            default_minutes=catalogue.default_minutes,
            allowed=tuple(sorted(catalogue.allowed)),
        )
