"""A bank of 50 agents with a fairly full diary; the same one for the same seed."""

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import text

from invo_booking.domain.access.roles import Role
from invo_booking.domain.appointment import Appointment, Channel, Customer, Status
from invo_booking.domain.clock import utc_now
from invo_booking.domain.hours import AgentHours
from invo_booking.domain.institution import Answer, Institution, Person, Queue, Roster
from invo_booking.persistence.audit.entries import AuditEntry
from invo_booking.persistence.engine import make_engine
from invo_booking.persistence.founding import store_first_roster
from invo_booking.persistence.tables.links import LinkTokenRow
from invo_booking.persistence.unit_of_work import unit_of_work
from invo_booking.settings import general
from tests.support.keys import KEY

SEED = 20_261_122
ZONE = ZoneInfo("America/Chicago")
AGENTS, QUEUES = 50, 5
LANGUAGES = {"en": "English", "es": "Spanish", "pl": "Polish"}
HALF_HOUR = timedelta(minutes=30)
BOOKED_A_DAY = 5
"""Appointments each agent already has on each of the coming working days."""

DAYS = 30


class Draw:
    """Chance that repeats itself."""

    def __init__(self, seed: int = SEED) -> None:
        self._random = random.Random(seed)  # noqa: S311  # no secret hangs on it

    def id(self) -> UUID:
        """Return the next id."""
        return UUID(int=self._random.getrandbits(128), version=4)

    def some(self, of: list[UUID] | list[str], least: int, most: int) -> frozenset:
        """Return a few of many."""
        return frozenset(self._random.sample(of, self._random.randint(least, most)))

    def places(self, count: int, of: int) -> list[int]:
        """Return different numbers below ``of``, ascending."""
        return sorted(self._random.sample(range(of), count))


def make(database_url: str, *, agents: int = AGENTS) -> list[UUID]:
    """Fill an empty, migrated database and return the ids of the Answers."""
    draw = Draw()
    bank = roster(draw, agents)
    engine = make_engine(database_url, pool_size=1)
    with unit_of_work(engine, KEY)() as work:
        store_first_roster(work.session, bank, {})
        work.stored_settings.put(
            general.PUBLIC_SCHEDULING.key, "on", "benchmark", utc_now()
        )
        diary = list(_diary(draw, bank))
        work.appointments.add_all(diary)
        work.session.add_all(_link(appointment) for appointment in diary)
        for appointment in diary:
            work.audit.add(_history(appointment))
    with engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT")
        connection.execute(text("ANALYZE"))
    engine.dispose()
    return list(bank.answers)


def working_days(count: int) -> list[date]:
    """Return the coming working days of the bank, tomorrow the earliest."""
    today = utc_now().astimezone(ZONE).date()
    ahead = (today + timedelta(days=n) for n in range(1, 2 * count + 8))
    return [day for day in ahead if day.weekday() < 5][:count]  # noqa: PLR2004  # Saturday


def half_hours(day: date) -> list[datetime]:
    """Return the starts of the 16 half hours from 9 to 17 of a day, in UTC."""
    nine = datetime.combine(day, time(9), ZONE).astimezone(UTC)
    return [nine + n * HALF_HOUR for n in range(16)]


def roster(draw: Draw, agents: int) -> Roster:
    """Return a bank of so many agents, five queues and as many Answers."""
    queues = [Queue(id=draw.id(), name=f"Queue {n}") for n in range(QUEUES)]
    answers = [_answer(draw.id(), queue) for queue in queues]
    people = [_person(draw, n, [queue.id for queue in queues]) for n in range(agents)]
    return Roster(
        institution=Institution(
            name="Benchmark Bank",
            tagline="",
            phone="+13125550100",
            zone=ZONE,
            country="US",
            revision=1,
        ),
        holidays={},
        queues={queue.id: queue for queue in queues},
        languages=LANGUAGES,
        answers={answer.id: answer for answer in answers},
        people={person.id: person for person in people},
    )


def _answer(answer_id: UUID, queue: Queue) -> Answer:
    return Answer(
        id=answer_id,
        title=f"Topic of {queue.name}",
        description="",
        queue_id=queue.id,
        schedulable=True,
        duration=HALF_HOUR,
        buffer_before=timedelta(),
        buffer_after=timedelta(),
        languages=tuple(LANGUAGES),
        channels=tuple(Channel),
        documents=(),
    )


def _person(draw: Draw, number: int, queues: list[UUID]) -> Person:
    day = ((time(9), time(17)),)
    return Person(
        id=draw.id(),
        name=f"Agent {number:02}",
        email=f"agent{number:02}@bank.example",
        active=True,
        roles=frozenset({Role.AGENT}),
        queues=draw.some(queues, 2, 3),
        languages=draw.some(list(LANGUAGES)[1:], 0, 2) | {"en"},
        hours=AgentHours(
            zone=ZONE,
            weekly=dict.fromkeys(range(5), day),
            exceptions={},
            time_off=(),
        ),
    )


def _diary(draw: Draw, bank: Roster) -> Iterator[Appointment]:
    for day in working_days(DAYS):
        starts = half_hours(day)
        for person in bank.agents:
            for place in draw.places(BOOKED_A_DAY, len(starts)):
                yield _booked(draw, person, starts[place])


def _link(appointment: Appointment) -> LinkTokenRow:
    return LinkTokenRow(
        hash=appointment.id.hex,
        purpose="status",
        appointment_id=appointment.id,
        created_at=appointment.requested_at,
    )


def _history(appointment: Appointment) -> AuditEntry:
    return AuditEntry(
        at=appointment.requested_at,
        actor="benchmark",
        actor_id=None,
        action="created",
        object_kind="appointment",
        object_id=str(appointment.id),
        detail={},
    )


def _booked(draw: Draw, person: Person, starts_at: datetime) -> Appointment:
    return Appointment(
        id=draw.id(),
        status=Status.CONFIRMED,
        answer_id=None,
        title="Earlier agreed",
        queue_id=min(person.queues),
        language="en",
        channel=Channel.PHONE,
        agent_id=person.id,
        starts_at=starts_at,
        ends_at=starts_at + HALF_HOUR,
        customer=Customer(name="Somebody", time_zone=ZONE.key),
        requested_at=starts_at - timedelta(days=60),
        confirmed_at=starts_at - timedelta(days=60),
    )
