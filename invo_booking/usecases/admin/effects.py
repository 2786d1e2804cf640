"""Determine and apply the effects of roster changes on live appointments.

A change affects an appointment that could take place before the change but cannot take
place after the change. For example, the institution or the branch is closed at that
time, or the appointment's agent can no longer serve the appointment. An unassigned
appointment is affected if no agent can serve it. Problems that existed before are not
effects of the change.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from invo_booking.domain.access.roles import Actor, Author
from invo_booking.domain.appointment import Appointment
from invo_booking.domain.assignment import fewest_today
from invo_booking.domain.hours import duty_intervals
from invo_booking.domain.institution import Person, Roster
from invo_booking.domain.interval import Interval
from invo_booking.domain.opening import is_open_throughout
from invo_booking.domain.wall import days_of
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.settings import time
from invo_booking.texts import say
from invo_booking.usecases.admin.affected import (
    STAYS,
    AffectedAppointment,
    AffectedAppointmentsError,
)
from invo_booking.usecases.appointment import changing
from invo_booking.usecases.appointment.changing import Move
from invo_booking.usecases.shared.deps import Deps
from invo_booking.usecases.slots import availability
from invo_booking.usecases.slots.availability import SlotRequest
from invo_booking.usecases.slots.question import SlotQuestion

LEFT_BEHIND = "admin.effects.leaver_keeps_none"
_FOREVER = datetime(9000, 1, 1, tzinfo=UTC)
_SATURDAY = 5


class Disposition(StrEnum):
    """An administrator's decision about an affected appointment."""

    KEEP = "keep"
    """The appointment stays with its agent. If this agent is disabled or does not serve
    its queue, language or branch any more, the appointment becomes unassigned."""

    REASSIGN = "reassign"
    """A free colleague gets the appointment. If no agent who serves such appointments
    is on duty at that time, the appointment becomes unassigned."""


class UndecidedError(AffectedAppointmentsError):
    """A change affects live appointments about which there is no decision."""

    def _sentence(self, noun: str, mails: str) -> str:
        return f"{say('admin.effects.review', noun=noun)} {mails}".rstrip()


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterSnapshot:
    """The institution before or after a change.

    Attributes:
        weekends_off: Whether Saturdays and Sundays are closed.
    """

    roster: Roster
    weekends_off: bool

    def problem(self, appointment: Appointment) -> str:
        """Return why an appointment cannot take place, in words; empty if it can."""
        if appointment.agent_id is None:
            return self._closure_reason(appointment) or self._nobody(appointment)
        agent = self.roster.people.get(appointment.agent_id)
        if agent is None:
            return say("admin.effects.nobody")
        return (
            _unsuited_reason(agent, self.roster, appointment)
            or self._closure_reason(appointment)
            or self._off_duty(agent, appointment)
        )

    def has_left(self, appointment: Appointment) -> bool:
        """Whether an appointment has lost its agent.

        The agent was disabled, or does not serve the appointment's queue, language or
        branch any more.
        """
        if appointment.agent_id is None:
            return False
        agent = self.roster.people.get(appointment.agent_id)
        return agent is None or bool(_unsuited_reason(agent, self.roster, appointment))

    def _closure_reason(self, appointment: Appointment) -> str:
        branch = self.roster.branch_of(appointment)
        if branch and not branch.active:
            return say("admin.effects.closed_visits", name=branch.name)
        zone = self.roster.clock_of(appointment)
        closed = self.roster.holidays_at(appointment.branch_id)
        for day in days_of(appointment.period, zone):
            if day in self.roster.holidays:
                return say(
                    "admin.effects.institution_closed",
                    holidays=self.roster.holidays[day],
                )
            if day in closed:
                return say(
                    "admin.effects.closed",
                    branch=branch.name if branch else "",
                    closed=closed[day],
                )
            if self.weekends_off and day.weekday() >= _SATURDAY:
                return say("admin.effects.weekend")
        if self.is_not_open(appointment):
            return say("admin.effects.outside_opening")
        return ""

    def is_not_open(self, appointment: Appointment) -> bool:
        """Whether an appointment is outside opening hours or at an inactive branch."""
        branch = self.roster.branch_of(appointment)
        if branch and not branch.active:
            return True
        opening = self.roster.opening_at(appointment.queue_id, appointment.branch_id)
        zone = self.roster.clock_of(appointment)
        return not is_open_throughout(opening, zone, appointment.period)

    def _off_duty(self, agent: Person, appointment: Appointment) -> str:
        period = appointment.period
        if self._works(agent, appointment):
            return ""
        if any(period.overlaps(away) for away in agent.hours.time_off):
            return say("admin.effects.away", name=agent.name)
        day = period.start.astimezone(agent.hours.zone).date()
        if agent.hours.exceptions.get(day) == ():
            return say("admin.effects.off_day", name=agent.name)
        return say("admin.effects.off_duty", name=agent.name)

    def _nobody(self, appointment: Appointment) -> str:
        able = (
            agent
            for agent in self.roster.agents
            if agent.as_actor().serves(
                appointment.queue_id, appointment.language, appointment.branch_id
            )
        )
        if any(self._works(agent, appointment) for agent in able):
            return ""
        queue = self.roster.queue_name(appointment.queue_id)
        return say("admin.effects.waits_for_nobody", queue=queue)

    def _works(self, agent: Person, appointment: Appointment) -> bool:
        period, where = appointment.period, appointment.branch_id
        zone = self.roster.institution.zone
        hours = agent.hours.at(where) if where else agent.hours
        worked = duty_intervals(hours, period, frozenset(), zone)
        return any(span.covers(period) for span in worked)


def affected_appointments(
    before: RosterSnapshot, after: RosterSnapshot, appointments: Iterable[Appointment]
) -> list[tuple[Appointment, str]]:
    """Return the appointments affected by a change, each with the reason.

    A pure function of its arguments.

    Args:
        before: The institution before the change.
        after: The institution after the change.
        appointments: Live appointments, whose order is kept in the result.
    """
    return [
        (one, why)
        for one in appointments
        if (why := after.problem(one)) and not before.problem(one)
    ]


def roster_snapshot(work: UnitOfWork) -> RosterSnapshot:
    """Return the current state of the institution, as this transaction sees it."""
    return RosterSnapshot(
        roster=work.roster, weekends_off=work.settings[time.WEEKENDS_OFF]
    )


def displaced_appointments(
    work: UnitOfWork, before: RosterSnapshot, appointments: Iterable[Appointment]
) -> list[tuple[Appointment, str]]:
    """Return the appointments affected by what this transaction has changed."""
    return affected_appointments(before, roster_snapshot(work), appointments)


def apply_dispositions(
    deps: Deps,
    work: UnitOfWork,
    actor: Actor,
    displaced: Iterable[tuple[Appointment, str]],
    dispositions: Mapping[UUID, Disposition],
) -> None:
    """Apply the decisions about affected appointments.

    An appointment that is to be kept becomes unassigned if its agent was disabled or no
    longer serves its queue, language or branch.

    Args:
        displaced: The affected appointments, each with the reason.
        dispositions: The decision about each affected appointment, by id.
    """
    after = roster_snapshot(work)
    for one, _ in displaced:
        if dispositions[one.id] is Disposition.REASSIGN:
            _hand_over(deps, work, actor, one)
        elif after.has_left(one):
            _give(deps, work, actor, one, None)


def describe_affected(
    deps: Deps, work: UnitOfWork, actor: Actor, one: Appointment, why: str
) -> AffectedAppointment:
    """Describe an affected appointment, and what reassigning it would do.

    To find out who gets the appointment, this function actually reassigns it. So the
    caller must roll the transaction back.
    """
    instead = _hand_over(deps, work, actor, one)
    has_left = roster_snapshot(work).has_left(one)
    return AffectedAppointment(
        id=one.id,
        starts_at=one.starts_at,
        title=one.title,
        customer=one.customer.name,
        agent=work.roster.person_name(one.agent_id),
        why=why,
        instead=instead,
        kept=say(LEFT_BEHIND) if has_left else say(STAYS),
    )


def hand_over_affected(
    deps: Deps, work: UnitOfWork, actor: Author, before: RosterSnapshot
) -> None:
    """Reassign all affected appointments, without asking anybody for decisions.

    The roster must have been locked before the change was checked.
    """
    live = appointments_ahead(deps, work)
    for one, _ in displaced_appointments(work, before, live):
        _hand_over(deps, work, actor, one)


def appointments_ahead(deps: Deps, work: UnitOfWork) -> list[Appointment]:
    """Return the live appointments that have not ended, earliest first."""
    return work.appointments.live_between(Interval(deps.now(), _FOREVER))


def _hand_over(deps: Deps, work: UnitOfWork, actor: Author, before: Appointment) -> str:
    """Reassign an appointment if possible; return a sentence about what was done."""
    snapshot = roster_snapshot(work)
    if snapshot.is_not_open(before) and not snapshot.has_left(before):
        return say("admin.effects.kept_none_can")
    agent_id, waits = _taker(work, before, deps.now())
    name = work.roster.person_name(before.agent_id)
    if agent_id is None and before.agent_id is None:
        return say("admin.effects.waits_none_can")
    if agent_id is None and not waits and not roster_snapshot(work).has_left(before):
        return say("admin.effects.kept_none_free", name=name)
    _give(deps, work, actor, before, agent_id)
    if agent_id is not None:
        return say(
            "admin.effects.handed_to", person_name=work.roster.person_name(agent_id)
        )
    why = (
        say("admin.effects.queue_off_duty") if waits else say("admin.effects.none_free")
    )
    return say("admin.effects.left_unassigned", why=why)


def _give(
    deps: Deps,
    work: UnitOfWork,
    actor: Author,
    before: Appointment,
    agent_id: UUID | None,
) -> None:
    name = work.roster.person_name(before.agent_id)
    because = (
        say("admin.effects.handed_from", name=name)
        if name
        else say("admin.effects.none_on_duty")
    )
    after = replace(
        before, agent_id=agent_id, assigned_because=because if agent_id else ""
    )
    changing.store_change(deps, work, before, after, Move(actor=actor), deps.now())


def _taker(
    work: UnitOfWork, appointment: Appointment, now: datetime
) -> tuple[UUID | None, bool]:
    """Return another agent for an appointment, and whether it may be unassigned.

    If no other agent is free, the appointment may become unassigned only on a closed
    day, or if no agent who serves such appointments is on duty. In both cases, it takes
    up no agent's time.
    """
    if work.roster.holiday_of(appointment):
        return None, True
    question = SlotQuestion.of_staff(work, SlotRequest.of(appointment), now)
    verdict = question.judge(appointment.starts_at, on_grid=False, without=appointment)
    others = [one for one in verdict.placeable if one != appointment.agent_id]
    if others:
        return fewest_today(others, _load(work, appointment)), False
    return None, verdict.designated == 0


def _load(work: UnitOfWork, appointment: Appointment) -> Mapping[UUID, int]:
    zone = work.roster.institution.zone
    day = appointment.starts_at.astimezone(zone).date()
    start = availability.plain_midnight(day, zone)
    past = availability.plain_midnight(day + timedelta(days=1), zone)
    return work.appointments.count_by_agent(Interval(start, past))


def _unsuited_reason(agent: Person, roster: Roster, appointment: Appointment) -> str:
    if not agent.active:
        return say("admin.effects.person_left", name=agent.name)
    if appointment.queue_id not in agent.queues:
        queue = roster.queue_name(appointment.queue_id) or say("admin.effects.queue")
        return say("admin.effects.not_in_queue", name=agent.name, queue=queue)
    if appointment.language not in agent.languages:
        language = roster.languages.get(appointment.language, appointment.language)
        return say("admin.effects.not_in_language", name=agent.name, language=language)
    branch = roster.branch_of(appointment)
    if branch and not agent.works_at(branch.id):
        return say("admin.effects.not_at_branch", name=agent.name, branch=branch.name)
    return ""
