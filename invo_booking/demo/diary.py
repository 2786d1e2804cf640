"""Create the demo's appointments, from ten days ago to two weeks ahead."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from invo_booking.demo.bank import seeded_demo_id
from invo_booking.demo.names import CANCEL_REASONS, NOTES, STAFF_REASONS, demo_customer
from invo_booking.domain.access.roles import Actor, Author
from invo_booking.domain.appointment import (
    Appointment,
    CancelledBy,
    Channel,
    Status,
    status_when_over,
)
from invo_booking.domain.hours import duty_intervals
from invo_booking.domain.institution import Answer, Person, Roster
from invo_booking.domain.interval import Interval
from invo_booking.domain.opening import is_open_throughout
from invo_booking.domain.wall import days_of, local_midnight
from invo_booking.usecases.appointment import history

BEHIND, AHEAD = 10, 14
STEP = timedelta(minutes=15)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
UNASSIGNED, REQUESTED = 8, 4
SOON = timedelta(days=5)
"""All unassigned and requested appointments take place within this time from now."""
LONG_WAIT = 8 * HOUR
BY_STAFF, CANCELLED, CANCELLED_BY_CUSTOMER, CAME = 0.2, 0.06, 0.7, 0.9
"""Probabilities that staff book an appointment, that an appointment is cancelled, that
the customer is the one who cancels, and that the customer comes.
"""


@dataclass(frozen=True, slots=True)
class Happening:
    """One entry of an appointment's history."""

    at: datetime
    actor: Author
    action: str
    detail: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Story:
    """An appointment and its history, earliest first."""

    appointment: Appointment
    happenings: tuple[Happening, ...]


def demo_stories(roster: Roster, now: datetime, chance: random.Random) -> list[Story]:
    """Return all appointments of the demo; no agent is double-booked.

    Each appointment is first planned for an agent. The agent is then removed from some
    appointments, so that an agent is free for each unassigned appointment.
    """
    booked = list(_fill_duty(roster, now, chance))
    loose = _loose(booked, now, chance)
    return [
        _StoryTeller(roster, now, chance).tell(one, loose.get(one.id)) for one in booked
    ]


def _fill_duty(
    roster: Roster, now: datetime, chance: random.Random
) -> Iterator[Appointment]:
    """Fill the agents' working time, with fewer appointments on later days."""
    zone = roster.institution.zone
    today = now.astimezone(zone).date()
    for agent in roster.agents:
        for ahead in range(-BEHIND, AHEAD + 1):
            day = today + ahead * DAY
            window = Interval(
                local_midnight(day, zone), local_midnight(day + DAY, zone)
            )
            for span in duty_intervals(
                agent.hours, window, frozenset(roster.holidays), zone
            ):
                yield from _Filler(roster, agent, chance, now).fill(
                    span, _fullness(ahead)
                )


def _fullness(days_ahead: int) -> float:
    """Return the probability that the next free quarter of an hour is booked."""
    if days_ahead < 0:
        return 0.35
    return max(0.1, 0.5 - 0.045 * days_ahead)


class _Filler:
    """Fills the working time of one agent with appointments."""

    def __init__(
        self, roster: Roster, agent: Person, chance: random.Random, now: datetime
    ) -> None:
        self._roster = roster
        self._agent = agent
        self._chance = chance
        self._now = now
        places = [it.id for it in roster.open_branches if agent.works_at(it.id)]
        self._branch = places[len(agent.name) % len(places)]
        self._answers = [
            answer
            for answer in roster.answers.values()
            if answer.queue_id in agent.queues
            and agent.languages.intersection(answer.languages)
        ]

    def fill(self, span: Interval, fullness: float) -> Iterator[Appointment]:
        """Yield appointments in a span, with the topics' buffers between them."""
        start, buffer = span.start, timedelta()
        while start < span.end:
            if self._chance.random() >= fullness:
                start, buffer = start + STEP * self._chance.randint(1, 3), timedelta()
                continue
            answer = self._chance.choice(self._answers)
            begins = _on_grid(start + max(buffer, answer.buffer_before))
            ends = begins + (answer.duration or STEP)
            if ends > span.end:
                return
            yield self._appointment(answer, Interval(begins, ends))
            start, buffer = ends, answer.buffer_after

    def _appointment(self, answer: Answer, period: Interval) -> Appointment:
        language, channel = self._language(answer), self._channel(answer)
        if channel is Channel.BRANCH and not self._is_open(answer, period):
            channel = Channel.VIDEO
        return Appointment(
            id=seeded_demo_id(self._chance),
            status=Status.CONFIRMED,
            answer_id=answer.id,
            title=answer.title,
            queue_id=answer.queue_id,
            language=language,
            channel=channel,
            branch_id=self._branch if channel is Channel.BRANCH else None,
            agent_id=self._agent.id,
            starts_at=period.start,
            ends_at=period.end,
            buffer_before=answer.buffer_before,
            buffer_after=answer.buffer_after,
            customer=demo_customer(language, self._chance),
            notes=self._chance.choice(NOTES[language]),
            requested_at=self._now,
        )

    def _is_open(self, answer: Answer, period: Interval) -> bool:
        """Whether the branch is open for the whole period."""
        zone = self._roster.clock_at(self._branch)
        closed = self._roster.holidays_at(self._branch)
        opening = self._roster.opening_at(answer.queue_id, self._branch)
        return closed.keys().isdisjoint(days_of(period, zone)) and is_open_throughout(
            opening, zone, period
        )

    def _language(self, answer: Answer) -> str:
        spoken = sorted(self._agent.languages.intersection(answer.languages))
        weights = [3 if code == "en" else 2 for code in spoken]
        (language,) = self._chance.choices(spoken, weights)
        return language

    def _channel(self, answer: Answer) -> Channel:
        weights = [6 if way is Channel.VIDEO else 2 for way in answer.channels]
        (channel,) = self._chance.choices(answer.channels, weights)
        return channel


def _on_grid(at: datetime) -> datetime:
    """Return the next quarter of an hour, at or after an instant.

    All zones of the demo have offsets of whole quarters of an hour.
    """
    late = at - datetime(1970, 1, 1, tzinfo=UTC)
    return at + (-late) % STEP


def _loose(
    booked: list[Appointment], now: datetime, chance: random.Random
) -> Mapping[UUID, Status]:
    """Choose the appointments that have no agent, and return their statuses by id.

    A few of these appointments are requests that are not yet confirmed.
    """
    soon = Interval(now + 2 * HOUR, now + SOON)
    near = [one.id for one in booked if soon.covers(one.period)]
    chosen = chance.sample(near, min(len(near), UNASSIGNED + REQUESTED))
    return {
        key: Status.REQUESTED if place < REQUESTED else Status.CONFIRMED
        for place, key in enumerate(chosen)
    }


class _StoryTeller:
    """Gives planned appointments a status and a history."""

    def __init__(self, roster: Roster, now: datetime, chance: random.Random) -> None:
        self._roster = roster
        self._now = now
        self._chance = chance

    def tell(self, booking: Appointment, loose: Status | None) -> Story:
        """Return an appointment with its history.

        Args:
            booking: The planned appointment.
            loose: Status of an appointment without an agent; ``None`` for an
                appointment with an agent.
        """
        if loose is Status.REQUESTED:
            return self._unconfirmed_story(booking)
        if loose is Status.CONFIRMED:
            return self._by_customer(replace(booking, agent_id=None))
        by_staff = self._happens(BY_STAFF)
        story = self._by_staff(booking) if by_staff else self._story_of_taking(booking)
        return self._outcome(story)

    def _unconfirmed_story(self, booking: Appointment) -> Story:
        """Return a request that is unconfirmed for hours, so that the demo has one."""
        requested_at = self._now - self._minutes(2, 25)
        appointment = replace(
            booking,
            status=Status.REQUESTED,
            agent_id=None,
            requested_at=requested_at,
            confirm_by=min(self._now + LONG_WAIT, booking.starts_at),
        )
        return Story(appointment, (_request_event(appointment),))

    def _by_customer(self, booking: Appointment) -> Story:
        requested_at = self._made_at(booking)
        confirmed_at = requested_at + self._minutes(1, 20)
        appointment = replace(
            booking, requested_at=requested_at, confirmed_at=confirmed_at
        )
        confirmed = Happening(confirmed_at, history.CUSTOMER, "confirmed", {})
        return Story(appointment, (_request_event(appointment), confirmed))

    def _story_of_taking(self, booking: Appointment) -> Story:
        story, agent = self._by_customer(booking), self._agent(booking)
        appointment = replace(
            story.appointment, assigned_because=f"{agent.name} took it"
        )
        at = story.happenings[-1].at + self._minutes(2, 30)
        detail = {"agent_before": "", "agent": agent.name}
        taken = Happening(at, agent, "taken", detail)
        return Story(appointment, (*story.happenings, taken))

    def _by_staff(self, booking: Appointment) -> Story:
        made_at, agent = self._made_at(booking), self._agent(booking)
        appointment = replace(
            booking,
            requested_at=made_at,
            confirmed_at=made_at,
            assigned_because="Chosen by staff",
        )
        detail = {"starts_at": booking.starts_at.isoformat(), "agent": agent.name}
        return Story(appointment, (Happening(made_at, agent, "created", detail),))

    def _outcome(self, story: Story) -> Story:
        appointment = story.appointment
        if self._happens(CANCELLED):
            return self._cancelled_story(story)
        if appointment.ends_at <= self._now:
            return self._over(story)
        if appointment.starts_at + 4 * MINUTE <= self._now and self._happens(CAME):
            return self._joined_story(story)
        return story

    def _cancelled_story(self, story: Story) -> Story:
        last = story.happenings[-1].at
        at = last + (min(story.appointment.starts_at, self._now) - last) / 2
        by_customer = self._happens(CANCELLED_BY_CUSTOMER)
        by = CancelledBy.CUSTOMER if by_customer else CancelledBy.STAFF
        reasons = CANCEL_REASONS if by_customer else STAFF_REASONS
        appointment = replace(
            story.appointment,
            status=Status.CANCELLED,
            sequence=1,
            cancelled_by=by,
            cancel_reason=self._chance.choice(reasons),
        )
        who = history.CUSTOMER if by_customer else self._agent(appointment)
        ended = Happening(at, who, "cancelled", {"by": by.value})
        return Story(appointment, (*story.happenings, ended))

    def _over(self, story: Story) -> Story:
        if self._happens(CAME):
            story = self._joined_story(story)
        status = status_when_over(story.appointment)
        appointment = replace(story.appointment, status=status)
        ended = Happening(appointment.ends_at, history.SYSTEM, status.value, {})
        return Story(appointment, (*story.happenings, ended))

    def _joined_story(self, story: Story) -> Story:
        at = story.appointment.starts_at + self._minutes(-3, 4)
        joined = Happening(at, history.CUSTOMER, "joined", {})
        appointment = replace(story.appointment, joined_at=at)
        return Story(appointment, (*story.happenings, joined))

    def _made_at(self, booking: Appointment) -> datetime:
        """Return the time of the request, 6 hours to 10 days before the start.

        The time is never later than 1 hour to 3 days before now.
        """
        ahead = booking.starts_at - self._minutes(6 * 60, 10 * 24 * 60)
        return min(ahead, self._now - self._minutes(60, 3 * 24 * 60))

    def _agent(self, booking: Appointment) -> Actor:
        if booking.agent_id is None:
            raise ValueError("the demo asks for the agent of an unassigned appointment")
        return self._roster.people[booking.agent_id].as_actor()

    def _minutes(self, fewest: int, most: int) -> timedelta:
        return self._chance.randint(fewest, most) * MINUTE

    def _happens(self, likelihood: float) -> bool:
        return self._chance.random() < likelihood


def _request_event(appointment: Appointment) -> Happening:
    detail = {"starts_at": appointment.starts_at.isoformat()}
    return Happening(appointment.requested_at, history.CUSTOMER, "requested", detail)
