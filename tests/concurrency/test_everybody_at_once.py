"""Random people do random things at once, from two processes' points of view.

Afterwards everything must hold that anybody was told: in the manner of Jepsen.
"""

import random
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlmodel import Session, select

from invo_booking.domain.appointment import Channel
from invo_booking.domain.assignment import Mode
from invo_booking.domain.errors import InvoError
from invo_booking.persistence.books import BookCache
from invo_booking.persistence.engine import make_engine
from invo_booking.persistence.roster import RosterCache
from invo_booking.persistence.tables import QueueRow
from invo_booking.persistence.unit_of_work import UnitOfWork, unit_of_work
from invo_booking.settings.calendars import FREE_PERCENT
from invo_booking.settings.general import MOST_PER_DAY
from invo_booking.settings.time import INTERVAL
from invo_booking.usecases import appointments, booking, visit
from invo_booking.usecases.appointments import Change, Draft
from tests.support.bank import at, confirm
from tests.support.invariants import check, violations

PEOPLE, DEEDS = 8, 25
HALF_HOUR = timedelta(minutes=30)
STARTS = [at(9 + quarter // 4, quarter % 4 * 15) for quarter in range(24)]


@dataclass
class World:
    """What everybody shares: the bank, and what they were told."""

    bank: object
    agents: list
    manager: object
    processes: list
    tokens: list = field(default_factory=list)
    ids: list = field(default_factory=list)
    refused: int = 0


Deeds = list[Callable[[], object]]


def deeds(world: World, chance: random.Random) -> Deeds:
    """Return everything somebody may do now."""
    deps, start = chance.choice(world.processes), chance.choice(STARTS)
    return [
        *of_customers(world, chance, deps, start),
        *of_staff(world, chance, deps, start),
        lambda: administer(world.bank, chance),
    ]


def of_customers(world, chance, deps, start) -> Deeds:
    def request():
        wanted = world.bank.request(
            start,
            language=chance.choice(["en", "es"]),
            email=f"{uuid4().hex}@example.com",
        )
        booked = booking.request_appointment(deps, wanted, idempotency_key=uuid4().hex)
        world.tokens.append(booked.token)
        world.ids.append(booked.appointment.id)

    if not world.tokens:
        return [request]
    token = chance.choice(world.tokens)
    return [
        *[request] * 3,
        lambda: confirm(deps, token),
        lambda: visit.reschedule(deps, token, start),
        lambda: visit.cancel(deps, token),
    ]


def of_staff(world, chance, deps, start) -> Deeds:
    manager = world.manager
    agent = chance.choice([None, *(it.id for it in world.agents)])

    def create():
        draft = Draft(
            queue_id=world.bank.queue_id,
            language=chance.choice(["en", "es"]),
            channel=Channel.PHONE,
            starts_at=start,
            ends_at=start + chance.choice([1, 2]) * HALF_HOUR,
            agent_id=agent,
            name="Rosa Delgado",
            email=f"{uuid4().hex}@example.com",
        )
        world.ids.append(appointments.create(deps, manager, draft).id)

    if not world.ids:
        return [create]
    one, there = (
        chance.choice(world.ids),
        Change(starts_at=start, ends_at=start + HALF_HOUR),
    )
    return [
        create,
        lambda: appointments.change(deps, manager, one, there),
        *[lambda: appointments.assign(deps, manager, one, agent)] * 2,
        lambda: appointments.cancel(deps, manager, one, "closed"),
    ]


def administer(bank, chance):
    """Change something that leaves what is booked where it is."""
    what = chance.choice(["percent", "interval", "mode"])
    if what == "percent":
        bank.set(FREE_PERCENT, chance.choice(["0", "34", "67"]))
    elif what == "interval":
        bank.set(INTERVAL, chance.choice(["15", "30"]))
    else:
        rule(bank, chance.choice([Mode.UNASSIGNED, Mode.FEWEST]))


def rule(bank, mode):
    with bank.deps.unit_of_work() as work:
        work.lock_roster()
        work.session.exec(select(QueueRow)).one().assignment = mode.value
        work.session.flush()
        work.roster_changed()


def live_their_lives(world: World, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311
    for _ in range(DEEDS):
        try:
            chance.choice(deeds(world, chance))()
        except InvoError:
            world.refused += 1


def all_at_once(world: World, seed: int) -> None:
    with ThreadPoolExecutor(PEOPLE) as pool:
        seeds = [seed * 100 + person for person in range(PEOPLE)]
        list(pool.map(lambda it: live_their_lives(world, it), seeds))


@pytest.fixture
def world(bank):
    bank.set(MOST_PER_DAY, "0")
    languages = [("en",), ("en", "es"), ("es",), ("en", "es")]
    names = ("Ana", "Ben", "Cleo", "Dan")
    agents = [
        bank.agent(name, languages=spoken)
        for name, spoken in zip(names, languages, strict=True)
    ]
    engines = [make_engine(bank.deps.config.database_url) for _ in range(2)]
    yield World(
        bank,
        agents,
        bank.manager("Max", languages=("en",)),
        [replace(bank.deps, begin=unit_of_work(engine)) for engine in engines],
    )
    for engine in engines:
        engine.dispose()


@pytest.mark.parametrize("seed", range(3))
def test_whatever_happens_at_once_all_that_anybody_was_told_is_true(
    world, database_url, seed
):
    all_at_once(world, seed)

    assert world.ids
    assert world.refused
    check(database_url, map(str, world.ids))


class Careless(UnitOfWork):
    """Takes no lock of a day, and dawdles between looking and writing."""

    def lock_days(self, days):
        del days

    def notify(self, payload):
        threading.Event().wait(0.02)
        super().notify(payload)


def test_without_the_lock_of_the_day_somebody_is_left_without_an_agent(
    world, database_url
):
    engine = make_engine(database_url)
    caches = RosterCache(), BookCache()

    @contextmanager
    def careless(caller):
        with Session(engine, expire_on_commit=False) as session, session.begin():
            yield Careless(session, *caches, caller)

    world.processes = [replace(world.bank.deps, begin=careless)]
    for seed in range(10):
        all_at_once(world, seed)
        found = violations(database_url)
        if found:
            break
    engine.dispose()

    assert {line.partition(":")[0] for line in found} == {"I2"}
