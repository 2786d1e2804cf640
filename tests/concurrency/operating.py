"""A process of people, or of time, that does random things until enough is done.

It may be killed at any moment; what it told anybody stands in the folder by then.
"""

import pickle
import random
import threading
import traceback
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from uuid import UUID

from psycopg.errors import LockNotAvailable, QueryCanceled
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from invo_booking import bootstrap
from invo_booking.broker import celery
from invo_booking.config import Config
from invo_booking.domain.access.caller import Caller
from invo_booking.domain.access.digests import digest_of
from invo_booking.domain.errors import InvoError
from invo_booking.domain.interval import Interval
from invo_booking.persistence.calendars.indexes import AvailabilityCache
from invo_booking.persistence.engine import make_engine
from invo_booking.persistence.roster import RosterCache
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.usecases.shared.deps import Deps
from tests.concurrency.operations import (
    Journal,
    SharedClock,
    World,
    load_cast,
    load_told,
    of_people,
    of_time,
    pass_time,
)
from tests.support.fakes import Postbox
from tests.support.host_calendar import OneAccount, PlainHost
from tests.support.patience import patient

PEOPLE, TIME = "people", "time"
THREADS = {PEOPLE: 4, TIME: 3}

DAWDLE = 0.02
"""Seconds between looking and writing where no day is locked."""


class CarelessWork(UnitOfWork):
    """Takes no lock of a day, and dawdles between looking and writing."""

    def lock_days(self, days, contacts=()) -> None:
        del days, contacts

    def notify(self, payload) -> None:
        threading.Event().wait(DAWDLE)
        super().notify(payload)


class StoredHost(PlainHost):
    """A host calendar that outlives the process that writes to it."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path
        if path.exists():
            self.kept = pickle.loads(path.read_bytes())  # noqa: S301 - our own
        self.after = self._store

    def touch(self, event_id: str, **fields) -> None:
        """Change an event, so that a process begun later knows of it."""
        with self._guard:
            super().touch(event_id, **fields)
        self._store("change")

    def delete(self, event_id: str) -> None:
        """Delete an event, so that a process begun later knows of it."""
        with self._guard:
            super().delete(event_id)
        self._store("cancel")

    def foreign(self, period: Interval) -> str:
        """Write what is no appointment, so that a process begun later knows of it."""
        with self._guard:
            made = super().foreign(period)
        self._store("create")
        return made

    def _store(self, called: str) -> None:
        if called in {"create", "change", "cancel"}:
            with self._guard:
                draft = self._path.with_suffix(".new")
                draft.write_bytes(pickle.dumps(self.kept))
                draft.replace(self._path)


@dataclass(frozen=True)
class Part:
    """What a process is to do.

    Attributes:
        who: ``PEOPLE`` or ``TIME``.
        seed: Says what each of its threads wants to do.
        most: It ends when all processes together have done so much.
        careless: Whether it takes no lock of a day; then all want the same morning.
    """

    config: Config
    folder: Path
    who: str
    seed: str
    most: int
    careless: bool


def play(part: Part) -> None:
    """Be as many people, or hands of the clock, as there are threads."""
    celery.loader.import_default_modules()
    world = world_of(part)
    bootstrap.use_deps(world.deps)
    with ThreadPoolExecutor(THREADS[part.who]) as pool:
        lives = [
            pool.submit(_live, world, part, number)
            for number in range(THREADS[part.who])
        ]
        for one in lives:
            one.result()


def world_of(part: Part) -> World:
    """Return what the folder says there is."""
    clock, journal = SharedClock(part.folder / "clock"), Journal(part.folder)
    host, cast = StoredHost(part.folder / "host"), load_cast(part.folder)
    deps = _deps(part, clock, host)
    with deps.unit_of_work() as work:
        people = work.roster.people
    others = ("manager", "administrator")
    return World(
        deps=deps,
        host=host,
        clock=clock,
        journal=journal,
        answer_id=UUID(cast["answer"]),
        queue_id=UUID(cast["queue"]),
        agents=[people[UUID(it)].as_actor() for it in cast["agents"]],
        told=load_told(journal),
        **{name: people[UUID(cast[name])].as_actor() for name in others},
        branches=tuple(map(UUID, cast.get("branches", ()))),
        **({"days": 1, "closes": 13} if part.careless else {}),
    )


def _deps(part: Part, clock: SharedClock, host: StoredHost) -> Deps:
    """Return the product's parts for this process, on the shared clock."""
    kind = CarelessWork if part.careless else UnitOfWork
    engine = patient(make_engine(part.config.database_url))
    caches = RosterCache(), AvailabilityCache()
    digest = partial(digest_of, part.config.mail_link_key)

    @contextmanager
    def begin(caller: Caller) -> Generator[UnitOfWork]:
        with Session(engine, expire_on_commit=False) as session, session.begin():
            yield kind(session, *caches, caller, digest)

    return Deps(
        config=part.config,
        begin=begin,
        now=clock,
        mailer=Postbox(),
        wake=lambda: None,
        database_now=lambda _work: clock(),
        providers={"outlook": OneAccount(host)},
    )


def _live(world: World, part: Part, number: int) -> None:
    """Do one thing after the other until enough is done by all processes together."""
    seed = f"{part.seed}-{number}"
    of_whom = of_time if part.who == TIME else of_people
    chance, passes_time = random.Random(seed), part.who == TIME and not number  # noqa: S311
    while world.journal.size() < part.most:
        if passes_time and chance.random() < 0.3:
            pass_time(world.clock, chance)
        operation = of_whom(world, chance)
        try:
            operation()
            world.journal.note("done", "+")
        except InvoError:
            world.journal.note("done", "-")
        except OperationalError as error:
            is_patience = isinstance(error.orig, LockNotAvailable | QueryCanceled)
            if not is_patience:  # else the machine is busy, and nothing was done
                world.journal.note("broken", f"{seed}: {traceback.format_exc()}")
            world.journal.note("done", "-" if is_patience else "!")
        except Exception:  # noqa: BLE001 - whatever it is, the test has to hear of it
            world.journal.note("broken", f"{seed}: {traceback.format_exc()}")
            world.journal.note("done", "!")
