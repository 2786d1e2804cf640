"""Four weeks in the life of the demo's institution, two behind and two ahead."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from invo_booking.domain.appointment import (
    Appointment,
    Channel,
    Status,
)
from invo_booking.domain.hours import duty
from invo_booking.domain.institution import Answer, Person, Roster
from invo_booking.domain.interval import Interval
from invo_booking.domain.wall import midnight
from invo_booking.usecases.demo_bank import drawn_id
from invo_booking.usecases.demo_names import (
    NOTES,
    drawn_customer,
)

DAYS = 14
STEP = timedelta(minutes=15)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
UNASSIGNED, REQUESTED = 8, 4
SOON = timedelta(days=5)
"""How far ahead unassigned and requested ones lie."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """One line of an appointment's history."""

    at: datetime
    actor: str
    action: str
    detail: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Story:
    """An appointment and how it came to be as it is, earliest first."""

    appointment: Appointment
    happenings: tuple[Happening, ...]


def demo_stories(roster: Roster, now: datetime, chance: random.Random) -> list[Story]:
    """Return every appointment of the demo; no agent is ever booked twice at once.

    Unassigned ones are taken out of an agent's own day, so that each can be placed.
    """
    booked = list(_booked(roster, now, chance))
    loose = _loose(booked, now, chance)
    return [_Teller(roster, now, chance).tell(one, loose.get(one.id)) for one in booked]


def _booked(
    roster: Roster, now: datetime, chance: random.Random
) -> Iterator[Appointment]:
    """Fill the agents' duty, the less the further ahead."""
    zone = roster.institution.zone
    today = now.astimezone(zone).date()
    for agent in roster.agents:
        for ahead in range(-DAYS, DAYS + 1):
            day = today + ahead * DAY
            window = Interval(midnight(day, zone), midnight(day + DAY, zone))
            for span in duty(agent.hours, window, frozenset(roster.holidays), zone):
                yield from _Filler(roster, agent, chance, now).fill(
                    span, _fullness(ahead)
                )


def _fullness(days_ahead: int) -> float:
    """Return how likely the next free quarter of an hour is booked."""
    if days_ahead < 0:
        return 0.35
    return max(0.1, 0.5 - 0.045 * days_ahead)


class _Filler:
    """Puts appointments into one stretch of an agent's duty."""

    def __init__(
        self, roster: Roster, agent: Person, chance: random.Random, now: datetime
    ) -> None:
        self._agent = agent
        self._chance = chance
        self._now = now
        self._answers = [
            answer
            for answer in roster.answers.values()
            if answer.queue_id in agent.queues
            and agent.languages.intersection(answer.languages)
        ]

    def fill(self, span: Interval, fullness: float) -> Iterator[Appointment]:
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
        spoken = self._agent.languages.intersection(answer.languages)
        language = self._chance.choice(sorted(spoken))
        return Appointment(
            id=drawn_id(self._chance),
            status=Status.CONFIRMED,
            answer_id=answer.id,
            title=answer.title,
            queue_id=answer.queue_id,
            language=language,
            channel=self._channel(answer),
            agent_id=self._agent.id,
            starts_at=period.start,
            ends_at=period.end,
            buffer_before=answer.buffer_before,
            buffer_after=answer.buffer_after,
            customer=drawn_customer(language, self._chance),
            notes=self._chance.choice(NOTES[language]),
            requested_at=self._now,
        )

    def _channel(self, answer: Answer) -> Channel:
        weights = [6 if way is Channel.VIDEO else 2 for way in answer.channels]
        (channel,) = self._chance.choices(answer.channels, weights)
        return channel


def _loose(
    booked: list[Appointment], now: datetime, chance: random.Random
) -> Mapping[Any, Status]:
    """Choose which ones have no agent yet, and which of those are unconfirmed."""
    soon = Interval(now + 2 * HOUR, now + SOON)
    near = [one.id for one in booked if soon.covers(one.period)]
    chosen = chance.sample(near, min(len(near), UNASSIGNED + REQUESTED))
    return {
        key: Status.REQUESTED if place < REQUESTED else Status.CONFIRMED
        for place, key in enumerate(chosen)
    }


class _Teller:
    """Tells how a booking came about and what became of it."""

    def __init__(self, roster: Roster, now: datetime, chance: random.Random) -> None:
        self._roster = roster
        self._now = now
        self._chance = chance

    def tell(self, booking: Appointment, loose: Status | None) -> Story:
        if loose is Status.REQUESTED:
            return self._request(booking)
        if loose is Status.CONFIRMED:
            return self._by_customer(replace(booking, agent_id=None))
        by_staff = self._chance.random() < 0.2  # noqa: PLR2004 - a fifth, see the class
        story = self._by_staff(booking) if by_staff else self._by_customer(booking)
        return self._outcome(story)
