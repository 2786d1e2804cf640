"""What following Outlook 365 costs, against a fake of it that answers after 200 ms.

``python -m benchmarks.outlook [--agents 500] [--events 2000] [--latency 0.2]``: fills
a database of its own, and the fake in this very process, which takes time from what is
measured. Ends with an error if a figure is missed or anything is lost.
"""

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from time import perf_counter, sleep
from uuid import uuid4

from rich.console import Console
from rich.table import Table
from sqlalchemy import text

from benchmarks.institution import (
    HALF_HOUR,
    Draw,
    half_hours,
    roster,
    working_days,
)
from invo_booking.config import load_config
from invo_booking.domain.appointment import Appointment, Channel, Customer, Status
from invo_booking.domain.calendars.connection import Connection, ConnectionState
from invo_booking.domain.calendars.host_events import EventState, StoredEvent
from invo_booking.domain.calendars.outside import Grant, HostCalendar
from invo_booking.domain.clock import utc_now
from invo_booking.domain.institution import Person, Roster
from invo_booking.domain.interval import Interval
from invo_booking.mail.smtp import SmtpMailer
from invo_booking.persistence.engine import make_engine
from invo_booking.persistence.founding import store_first_roster
from invo_booking.persistence.outbox import CALENDAR
from invo_booking.persistence.unit_of_work import unit_of_work
from invo_booking.providers.registry import providers
from invo_booking.run.embedded import Postgres, scratch_folder
from invo_booking.run.schema import migrate_schema
from invo_booking.settings import calendars
from invo_booking.settings import providers as fields
from invo_booking.usecases.appointment import history
from invo_booking.usecases.calendars import (
    free_busy,
    granting,
    outside_agents,
    poll,
    pull,
    push,
)
from invo_booking.usecases.shared.deps import Deps
from invo_booking.usecases.shared.sealing import seal
from tests.support.microsoft import SCHEDULER, Outlook, running_fake

DAYS = 42
ENTRIES_A_DAY = 2
CONFIRMED = 40
HOUR = timedelta(hours=1)
NOON = timedelta(hours=12)
REFRESH_TARGET = 60.0  # seconds for 500 agents


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table; ``most`` seconds are promised, or none."""

    what: str
    seconds: float
    calls: int
    most_at_once: int
    note: str = ""
    most: float | None = None

    @property
    def missed(self) -> bool:
        """Whether it took longer than promised."""
        return self.most is not None and self.seconds > self.most


@dataclass(frozen=True, slots=True)
class Site:
    """A bank connected to the fake."""

    deps: Deps
    outlook: Outlook
    bank: Roster
    group: str
    latency: float

    @property
    def mailboxes(self) -> list[str]:
        """The agents' addresses."""
        return [person.email for person in self.bank.agents]

    def connection(self) -> Connection:
        """Return the connection as it is by now."""
        with self.deps.unit_of_work() as work:
            connection = work.connections.active()
        if connection is None:
            raise LookupError("the bank is not connected")
        return connection

    def measured(
        self, what: str, action: Callable[[], str], most: float | None = None
    ) -> Figure:
        """Do something and say what it took."""
        self.outlook.calls.clear()
        self.outlook.most_at_once = 0
        self.outlook.latency = self.latency
        begin = perf_counter()
        note = action()
        took = perf_counter() - begin
        self.outlook.latency = 0.0
        at_once = self.outlook.most_at_once
        Console(stderr=True).print(f"{what}: {took:.1f} s, {note}")
        return Figure(what, took, len(self.outlook.calls), at_once, note, most)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--agents", type=int, default=500)
    parser.add_argument("--events", type=int, default=2000)
    parser.add_argument("--latency", type=float, default=0.2, help="seconds a call")
    asked = parser.parse_args()
    with site(asked.agents, asked.latency) as there:
        _put(there.deps, {calendars.TWO_WAY.key: "on"})
        figures = [
            *busy_times(there),
            writing_evenly(there),
            *host_calendar(there, asked.events),
        ]
    title = f"{asked.agents} agents, {asked.latency * 1000:.0f} ms a call"
    Console().print(_table(title, figures))
    if any(figure.missed for figure in figures):
        sys.exit(1)


def busy_times(there: Site) -> Iterator[Figure]:
    """Measure how long it takes to know when everybody is busy."""
    now = utc_now()
    window = Interval(now, now + timedelta(days=DAYS))
    calendar = granting.calendar_of_connection(there.deps, there.connection())

    def ask() -> str:
        answers = free_busy.free_busy(calendar, there.mailboxes, window)
        known = [it for it in answers.values() if it.problem is None]
        return f"{len(known)} known, {sum(len(it.busy) for it in known):,} entries"

    def run() -> str:
        outcome = poll.poll_if_due(there.deps, at_once=True)
        return outcome.sentence if outcome else "nothing was due"

    yield there.measured(f"Ask for {DAYS} days", ask)
    yield there.measured("The same, read and stored", run, most=REFRESH_TARGET)
    yield there.measured("Once more, little has changed", run, most=REFRESH_TARGET)


def writing_evenly(there: Site) -> Figure:
    """Measure how long many appointments confirmed at once take to be written."""
    diary = [
        _booked(it, half_hours(working_days(30)[1])[2])
        for it in there.bank.agents[:CONFIRMED]
    ]
    with there.deps.unit_of_work() as work:
        work.appointments.add_all(diary)
    with there.deps.unit_of_work() as work:
        for appointment in diary:
            history.add_calendar_write(work, appointment.id, utc_now())

    def write() -> str:
        while push.write_due_events(there.deps) or _waiting(there.deps):
            sleep(1)  # the worker comes back every ten seconds
        with there.deps.unit_of_work() as work:
            failed = work.outbox.count("failed", (CALENDAR,))
        return f"{len(there.outlook.events(there.group))} events, {failed} failed"

    return there.measured(f"{CONFIRMED} appointments confirmed at once", write)


def host_calendar(there: Site, count: int) -> Iterator[Figure]:
    """Measure how long it takes to follow changes made in the host calendar."""
    kept = _write(there, _diary(there.bank, count))

    def poll() -> str:
        calendar = granting.calendar_of_connection(there.deps, there.connection())
        found = pull.pull_changes(there.deps, calendar, there.connection(), utc_now())
        return f"{found} followed"

    yield there.measured(f"Look at {count:,} events, none changed", poll)
    for event in kept:
        there.outlook.move(
            event.event_id, event.period.start + HOUR, event.period.end + HOUR
        )
    figure = there.measured(f"{count:,} events, all of them moved", poll)
    right = _at(there.deps, {it.appointment_id: it.period.start + HOUR for it in kept})
    yield replace(figure, note=f"{figure.note}; {right} appointments where they belong")
    if right != count:
        sys.exit(f"{count - right} changes were lost")


@contextmanager
def site(agents: int, latency: float) -> Iterator[Site]:
    """Yield a connected bank."""
    with scratch_folder() as folder, Postgres(folder) as server, running_fake() as fake:
        migrate_schema(server.url)
        fake.concurrency_limit = None
        group = fake.group()
        deps, bank = _deps(server.url, fake), roster(Draw(), agents)
        _found(deps, fake, bank, group)
        _fill(fake, bank)
        yield Site(deps, fake, bank, group, latency)


def _deps(database_url: str, fake: Outlook) -> Deps:
    config = load_config(
        {
            "INVO_DATABASE_URL": database_url,
            "INVO_SECRET_KEYS": f"bench:{'7' * 64}",
            **fake.config_env(),
        }
    )
    return Deps(
        config=config,
        begin=unit_of_work(make_engine(config.database_url), config.mail_link_key),
        now=utc_now,
        mailer=SmtpMailer(config),
        wake=lambda: None,
        providers=providers(config),
    )


def _found(deps: Deps, fake: Outlook, bank: Roster, group: str) -> None:
    secret = fields.OUTLOOK_CLIENT_SECRET.key
    with deps.unit_of_work() as work:
        store_first_roster(work.session, bank, {})
    _put(
        deps,
        {
            calendars.PRIMARY_PROVIDER.key: calendars.OUTLOOK,
            calendars.COMPUTE_AVAILABILITY.key: "on",
            fields.OUTLOOK_CLIENT_ID.key: fake.client_id,
            fields.OUTLOOK_TENANT.key: fake.tenant,
            secret: seal(deps.config, secret, fake.client_secret),
        },
    )
    with deps.unit_of_work() as work:
        work.connections.add(_connection(deps, fake, group))
        outside_agents.follow_agents(work, utc_now())


def _connection(deps: Deps, fake: Outlook, group: str) -> Connection:
    connection_id, now = uuid4(), utc_now()
    grant = Grant(
        blob=fake.token_cache(),
        account=SCHEDULER,
        account_name="Scheduling",
        tenant=fake.tenant,
        scopes=frozenset(),
        expires_at=now + HOUR,
    )
    return Connection(
        id=connection_id,
        provider=calendars.OUTLOOK,
        state=ConnectionState.CONNECTED,
        account=SCHEDULER,
        tenant=fake.tenant,
        host=HostCalendar(id=group, name="Bookings", address="bookings@bank.example"),
        sealed_grant=granting.seal_grant(deps.config, connection_id, grant),
        connected_at=now,
    )


def _put(deps: Deps, texts: dict[str, str]) -> None:
    with deps.unit_of_work() as work:
        for key, value in texts.items():
            work.stored_settings.put(key, value, "benchmark", utc_now())


def _fill(fake: Outlook, bank: Roster) -> None:
    """Give everybody some entries a day, at noon and in the evening."""
    midnight = utc_now().replace(hour=0, minute=0, second=0, microsecond=0)
    for person in bank.agents:
        for number in range(DAYS * ENTRIES_A_DAY):
            start = midnight + (number + 1) * timedelta(days=1) / ENTRIES_A_DAY
            fake.busy(person.email, start + NOON, start + NOON + HALF_HOUR)


def _diary(bank: Roster, count: int) -> list[Appointment]:
    """Return appointments that can all be moved by an hour at the same time."""
    agents, days = bank.agents, working_days(30)
    return [
        _booked(
            agents[number % len(agents)],
            half_hours(days[3 + number // len(agents)])[number % 2],
        )
        for number in range(count)
    ]


def _booked(person: Person, starts_at: datetime) -> Appointment:
    return Appointment(
        id=uuid4(),
        status=Status.CONFIRMED,
        answer_id=None,
        title="Agreed",
        queue_id=min(person.queues),
        language="en",
        channel=Channel.PHONE,
        agent_id=person.id,
        starts_at=starts_at,
        ends_at=starts_at + HALF_HOUR,
        customer=Customer(name="Somebody", email="somebody@mail.example"),
        requested_at=utc_now(),
        confirmed_at=utc_now(),
    )


def _write(there: Site, diary: list[Appointment]) -> list[StoredEvent]:
    """Put appointments into the database and the host calendar."""
    connection_id, kept = there.connection().id, list[StoredEvent]()
    with there.deps.unit_of_work() as work:
        work.appointments.add_all(diary)
    with there.deps.unit_of_work() as work:
        for appointment in diary:
            start, end = appointment.starts_at, appointment.ends_at
            event_id = there.outlook.foreign_event(there.group, start, end)
            event = StoredEvent(
                appointment_id=appointment.id,
                connection_id=connection_id,
                event_id=event_id,
                version=there.outlook.entries[event_id].change_key,
                state=EventState.WRITTEN,
                digest="written",
                agent_id=appointment.agent_id,
                period=Interval(start, end),
            )
            work.host_events.save(event)
            kept.append(event)
        work.session.connection().execute(text("ANALYZE host_event"))
    return kept


def _waiting(deps: Deps) -> int:
    with deps.unit_of_work() as work:
        return work.outbox.count("open", (CALENDAR,))


def _at(deps: Deps, starts: dict[object, datetime]) -> int:
    with deps.unit_of_work() as work:
        rows = work.session.connection().execute(
            text("SELECT id, starts_at FROM appointment")
        )
        return sum(starts.get(row.id) == row.starts_at for row in rows)


def _table(title: str, figures: list[Figure]) -> Table:
    table = Table(title=title)
    for name in ("What", "Seconds", "At most", "Calls", "At once", "Result"):
        table.add_column(
            name, justify="left" if name in {"What", "Result"} else "right"
        )
    for it in figures:
        color = "red" if it.missed else "default"
        most = "" if it.most is None else f"{it.most:.0f}"
        table.add_row(
            it.what,
            f"[{color}]{it.seconds:.1f}[/{color}]",
            most,
            str(it.calls),
            str(it.most_at_once),
            it.note,
        )
    return table


if __name__ == "__main__":
    main()
