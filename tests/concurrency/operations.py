"""Everything that people and time do to appointments, one thing at a time."""

import json
import os
import random
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from threading import get_ident
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from invo_booking.broker import celery
from invo_booking.domain.access.roles import Actor
from invo_booking.domain.appointment import Channel
from invo_booking.domain.interval import Interval
from invo_booking.settings.calendars import CANCEL_DELETED, FREE_PERCENT
from invo_booking.settings.general import SHOW_UNASSIGNED
from invo_booking.settings.time import CONFIRM_TIMEOUT, INTERVAL
from invo_booking.tasks.schedule import EVERY_SECONDS
from invo_booking.usecases.admin import settings_saving, staffing
from invo_booking.usecases.admin.affected import AffectedAppointmentsError
from invo_booking.usecases.admin.effects import Disposition
from invo_booking.usecases.appointment.drafts import AppointmentChange, AppointmentDraft
from invo_booking.usecases.booking import booking, manage
from invo_booking.usecases.shared import settings
from invo_booking.usecases.shared.deps import Deps
from invo_booking.usecases.staff import appointments, host_conflicts
from tests.support.accounts import with_password_given
from tests.support.bank import ZONE, confirm
from tests.support.host_calendar import PlainHost

HALF_HOUR = timedelta(minutes=30)
HERE = ZoneInfo(ZONE)
OPENS, CLOSES = 8, 17
SATURDAY = 5

STAYS = 0.75
"""How often it is decided that somebody works here; more are here than not."""

IN_THE_HOST_CALENDAR = 0.15
"""Share of what is done beside people that agents do in the host calendar."""

VALUES = {
    FREE_PERCENT.key: ["0", "34", "67"],
    INTERVAL.key: ["15", "30"],
    CONFIRM_TIMEOUT.key: ["5", "30"],
    SHOW_UNASSIGNED.key: ["on", "off"],
    CANCEL_DELETED.key: ["on", "off"],
}
"""What administrators change settings to; what is booked stays where it is."""

Operation = Callable[[], object]


class SharedClock:
    """The present instant of several processes, kept in a file."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __call__(self) -> datetime:
        return datetime.fromtimestamp(float(self._path.read_text("ascii")), UTC)

    def set(self, now: datetime) -> None:
        """Let it be a later time, at once for everybody."""
        draft = self._path.with_suffix(f".{os.getpid()}-{get_ident()}")
        draft.write_text(str(now.timestamp()), "ascii")
        draft.replace(self._path)


@dataclass
class Journal:
    """What was done and told, written down before anything else is done.

    Whole lines at the end of files, so that a killed process leaves no half ones.
    """

    folder: Path

    def note(self, name: str, line: str) -> None:
        """Add a line to one of the journal's files."""
        with (self.folder / name).open("ab", buffering=0) as file:
            file.write(f"{line}\n".encode())

    def lines(self, name: str) -> list[str]:
        """Return the lines of a file, none if there is no file yet."""
        path = self.folder / name
        return path.read_text("utf-8").splitlines() if path.exists() else []

    def size(self) -> int:
        """Return how many operations have been carried out, those refused included."""
        path = self.folder / "done"
        return path.stat().st_size // 2 if path.exists() else 0


@dataclass
class World:
    """What the people of one process have in common.

    Attributes:
        days: How many days everybody wants to come on, today first.
        closes: Hour before which everybody wants to come.
        host: The host calendar, of which each process knows what it began with.
        told: Ids and links of appointments that somebody was told are booked.
        branches: Where some of the appointments are; empty for calls alone.
    """

    deps: Deps
    host: PlainHost
    clock: SharedClock
    journal: Journal
    answer_id: UUID
    queue_id: UUID
    agents: list[Actor]
    manager: Actor
    administrator: Actor
    days: int = 2
    closes: int = CLOSES
    told: list[tuple[UUID, str]] = field(default_factory=list)
    branches: tuple[UUID, ...] = ()

    def tell(self, appointment_id: UUID, token: str = "") -> None:
        """Write down that somebody was told that an appointment is booked."""
        self.told.append((appointment_id, token))
        self.journal.note("told", f"{appointment_id} {token}")

    def tokens(self) -> list[str]:
        """Return the links that customers have."""
        return [token for _, token in self.told[-200:] if token]


def load_told(journal: Journal) -> list[tuple[UUID, str]]:
    """Return what anybody was told before."""
    pairs = (line.partition(" ") for line in journal.lines("told"))
    return [(UUID(key), token) for key, _, token in pairs]


def some_start(world: World, chance: random.Random) -> datetime:
    """Return a quarter of an hour of the next days, at times a closed one."""
    today = world.clock().astimezone(HERE).date()
    day = today + timedelta(days=chance.randrange(world.days))
    hour, minute = chance.randrange(9, world.closes), chance.choice([0, 15, 30, 45])
    return datetime.combine(day, time(hour, minute), HERE).astimezone(UTC)


def of_customers(world: World, chance: random.Random) -> list[Operation]:
    """Return what customers may do now."""
    start = some_start(world, chance)

    def request() -> None:
        key, wanted = uuid4().hex, _wanted(world, chance, start)
        booked = booking.request_appointment(world.deps, wanted, idempotency_key=key)
        world.tell(booked.appointment.id, booked.token)
        if chance.random() < 0.2:
            again = booking.request_appointment(world.deps, wanted, idempotency_key=key)
            assert again.appointment.id == booked.appointment.id
        if chance.random() < 0.5:
            confirm(world.deps, booked.token)

    tokens = world.tokens()
    if not tokens:
        return [request]
    token = chance.choice(tokens)
    return [
        *[request] * 4,
        lambda: confirm(world.deps, token),
        lambda: manage.reschedule_by_link(world.deps, token, start),
        lambda: manage.cancel_by_link(world.deps, token),
    ]


def _place(world, chance) -> dict[str, Any]:
    """Return how somebody wants to meet: in a call, or sometimes at a branch."""
    if not world.branches or chance.random() < 0.6:
        return {"channel": Channel.VIDEO}
    return {"channel": Channel.BRANCH, "branch_id": chance.choice(world.branches)}


def _wanted(world, chance, start) -> booking.BookingRequest:
    return booking.BookingRequest(
        answer_id=world.answer_id,
        language=chance.choice(["en", "es"]),
        **_place(world, chance),
        starts_at=start,
        name="Rosa Delgado",
        email=f"{uuid4().hex}@example.com",
        time_zone=ZONE,
    )


def of_staff(world: World, chance: random.Random) -> list[Operation]:
    """Return what agents and managers may do now."""
    manager, start = world.manager, some_start(world, chance)
    agent = chance.choice([None, *world.agents])
    taker = chance.choice(world.agents)
    agent_id = agent.id if agent else None

    def create() -> None:
        draft = AppointmentDraft(
            queue_id=world.queue_id,
            language=chance.choice(["en", "es"]),
            **_place(world, chance),
            starts_at=start,
            ends_at=start + chance.choice([1, 2]) * HALF_HOUR,
            agent_id=agent_id,
            name="Rosa Delgado",
            email=f"{uuid4().hex}@example.com",
        )
        made = appointments.create_appointment(
            world.deps, manager, draft, key=uuid4().hex
        )
        world.tell(made.id)

    if not world.told:
        return [create]
    one, _ = chance.choice(world.told[-200:])
    there = AppointmentChange(starts_at=start, ends_at=start + HALF_HOUR)

    def take() -> None:
        appointments.take_appointment(world.deps, taker, one)
        if chance.random() < 0.5:
            appointments.give_back_appointment(world.deps, taker, one)

    return [
        *[create] * 2,
        *[lambda: appointments.assign_appointment(world.deps, manager, one, agent_id)]
        * 2,
        *[take] * 2,
        lambda: appointments.change_appointment(world.deps, manager, one, there),
        lambda: appointments.cancel_appointment(world.deps, manager, one, "closed"),
        lambda: appointments.cancel_appointment(
            world.deps, manager, one, "", late=True
        ),
        lambda: appointments.keep_waiting_for_customer(world.deps, manager, one),
        lambda: _decide(world, chance),
    ]


def _decide(world: World, chance: random.Random) -> None:
    """Answer what the host calendar leaves to staff, if it leaves anything."""
    open_ones = host_conflicts.host_conflicts(world.deps, world.manager)
    if open_ones:
        one = chance.choice(open_ones)
        moved = [host_conflicts.restore_event, host_conflicts.follow_moved_event]
        answers = moved if one.kind == "moved" else [host_conflicts.rewrite_event]
        chance.choice(answers)(world.deps, world.manager, one.appointment_id)


def of_administrators(world: World, chance: random.Random) -> list[Operation]:
    """Return what administrators may do now."""
    deps, boss = world.deps, world.administrator
    key = chance.choice(sorted(VALUES))
    change = settings_saving.SettingEdit(text=chance.choice(VALUES[key]))
    person = chance.choice(world.agents)

    def undo() -> None:
        changes = settings.setting_history(deps, boss, key)
        if changes:
            settings_saving.undo_setting_change(
                deps, boss, chance.choice(changes).number
            )

    def switch() -> None:
        """Keep somebody out, as a rule with appointments, or let them in again."""
        seen = staffing.person_file(deps, boss, person.id).person
        by = with_password_given(boss)
        stays = chance.random() < STAYS
        try:
            staffing.set_person_active(
                deps, by, person.id, active=stays, version=seen.version
            )
        except AffectedAppointmentsError as refused:
            dispositions = {
                it.id: chance.choice([*Disposition])
                if it.can_be_reassigned
                else Disposition.KEEP
                for it in refused.affected
            }
            staffing.set_person_active(
                deps,
                by,
                person.id,
                active=False,
                version=seen.version,
                dispositions=dispositions,
            )

    return [
        lambda: settings_saving.save_settings(deps, boss, {key: change}),
        undo,
        switch,
    ]


def of_people(world: World, chance: random.Random) -> Operation:
    """Return one thing that somebody does now."""
    who = chance.choices((of_customers, of_staff, of_administrators), (10, 10, 2))
    return chance.choice(who[0](world, chance))


def of_time(world: World, chance: random.Random) -> Operation:
    """Return one task of the clock, or what somebody does in the host calendar."""
    if chance.random() < IN_THE_HOST_CALENDAR:
        return chance.choice(of_host_calendar(world, chance))
    return celery.tasks[chance.choice(sorted(EVERY_SECONDS))].run


def of_host_calendar(world: World, chance: random.Random) -> list[Operation]:
    """Return what agents may do in the host calendar now; the clock's task finds it.

    The process that reads and writes it is the one in which this may be done.
    """
    host, start = world.host, some_start(world, chance)
    there = Interval(start, start + chance.choice([1, 2]) * HALF_HOUR)
    ours = [it.event for it in host.ours if it.event.period.end > world.clock()]
    write = [lambda: host.foreign(there)]
    if not ours:
        return write
    event = chance.choice(ours)

    def drag() -> None:
        with suppress(KeyError):  # removed by us meanwhile
            host.move(event.id, there)

    def delete() -> None:
        with suppress(KeyError):
            host.delete(event.id)

    return [drag, drag, drag, delete, *write]


def pass_time(clock: SharedClock, chance: random.Random) -> None:
    """Let some minutes pass; nights and weekends are over in a moment."""
    now = clock().astimezone(HERE) + timedelta(minutes=chance.randrange(5, 40))
    if now.hour >= CLOSES:
        now = datetime.combine(now.date() + timedelta(days=1), time(OPENS), HERE)
    while now.weekday() >= SATURDAY:
        now += timedelta(days=1)
    clock.set(now.astimezone(UTC))


def save_cast(folder: Path, **ids: object) -> None:
    """Leave for the processes who there is."""
    (folder / "cast").write_text(json.dumps(ids, default=str), "ascii")


def load_cast(folder: Path) -> dict[str, object]:
    """Return who there is."""
    return json.loads((folder / "cast").read_text("ascii"))
