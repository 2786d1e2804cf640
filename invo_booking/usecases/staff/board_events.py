"""Convert appointments to the events that a staff calendar shows."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from invo_booking.domain.access.roles import Action, Actor
from invo_booking.domain.appointment import (
    Appointment,
    Phase,
    appointment_phase,
    is_waited_for,
)
from invo_booking.domain.moments import next_shown_change
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.usecases.appointment.rooms import has_room, may_enter
from invo_booking.usecases.appointment.steps import join_rules
from invo_booking.usecases.shared.deps import Deps
from invo_booking.usecases.shared.rights import allowed_actions, can_take


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardEvent:
    """An appointment on a staff calendar.

    Attributes:
        title: The customer's name.
        mine: Whether the actor is the appointment's agent.
        editable: Whether the actor may move the appointment.
        assignable: Whether the actor may assign the appointment.
        takeable: Whether the actor may take the appointment.
        joinable: Whether the actor is the agent and may enter the room now.
        unplaced: Whether no agent can take the appointment; only determined for actors
            who see all appointments.
        waited_until: Time until which staff wait for a missing customer, in UTC;
            ``None`` if nobody waits.
        changes_at: When the passing of time next changes this event, in UTC; ``None``
            for never.
    """

    id: UUID
    lane_id: str
    starts_at: datetime
    ends_at: datetime
    title: str
    topic: str
    phase: Phase
    unassigned: bool
    mine: bool
    editable: bool
    version: int
    queue_id: UUID
    queue_name: str
    language: str
    agent_id: UUID | None
    agent_name: str
    running_late: bool
    assignable: bool = False
    takeable: bool = False
    joinable: bool = False
    unplaced: bool = False
    waited_until: datetime | None = None
    waited_by: str = ""
    changes_at: datetime | None = None


class EventReader:
    """Converts appointments for one actor at one instant."""

    def __init__(
        self, deps: Deps, work: UnitOfWork, actor: Actor, now: datetime
    ) -> None:
        self._deps = deps
        self._roster = work.roster
        self._rules = join_rules(work.settings)
        self._actor = actor
        self._now = now
        self._allowed = allowed_actions(work, actor)
        self._work = work

    def event(self, item: Appointment, lane_id: str) -> BoardEvent:
        """Return an appointment as an event of a lane."""
        waited_for = is_waited_for(item, self._rules, self._now)
        is_ahead = item.is_live and item.ends_at > self._now
        return BoardEvent(
            id=item.id,
            lane_id=lane_id,
            starts_at=item.starts_at,
            ends_at=item.ends_at,
            title=item.customer.name,
            topic=item.title,
            phase=appointment_phase(item, self._rules, self._now),
            unassigned=item.agent_id is None and item.is_live,
            mine=item.agent_id == self._actor.id,
            editable=is_ahead and Action.EDIT in self._allowed,
            assignable=is_ahead and Action.ASSIGN in self._allowed,
            takeable=is_ahead and can_take(self._work, self._actor, item),
            joinable=self._may_join(item),
            version=item.version,
            queue_id=item.queue_id,
            queue_name=self._roster.queue_name(item.queue_id),
            language=item.language,
            agent_id=item.agent_id,
            agent_name=self._roster.person_name(item.agent_id),
            running_late=item.running_late_at is not None,
            waited_until=item.waits_until if waited_for else None,
            waited_by=self._roster.person_name(item.waits_by) if waited_for else "",
            changes_at=next_shown_change(item, self._rules, self._now),
        )

    def _may_join(self, item: Appointment) -> bool:
        is_own = item.agent_id == self._actor.id
        if not (is_own and may_enter(self._work, item, self._now)):
            return False
        return has_room(self._deps, self._work, item)
