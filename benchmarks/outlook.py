"""What following Outlook 365 costs, against a fake of it that answers after 200 ms.

``python -m benchmarks.outlook [--agents 500] [--events 2000] [--latency 0.2]``: fills
a database of its own, and the fake in this very process, which takes time from what is
measured. Events are followed in a group's calendar, then in the account's own. So many
moves wait until somebody decides, which is measured too. Ends with an error if a figure
is missed or anything is lost.
"""

import argparse
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from time import sleep
from uuid import UUID, uuid4

from rich.console import Console
from rich.table import Table
from sqlalchemy import text

from benchmarks.institution import (
    HALF_HOUR,
    half_hours,
    working_days,
)
from benchmarks.outlook_site import DAYS, HOUR, Figure, Site, site
from invo_booking.domain.access.roles import Actor, Role
from invo_booking.domain.appointment import Appointment, Channel, Customer, Status
from invo_booking.domain.calendars.host_events import EventState, StoredEvent
from invo_booking.domain.clock import utc_now
from invo_booking.domain.institution import Person, Roster
from invo_booking.domain.interval import Interval
from invo_booking.persistence.outbox import CALENDAR
from invo_booking.usecases.appointment import history
from invo_booking.usecases.calendars import (
    free_busy,
    granting,
    poll,
    pull,
    push,
)
from invo_booking.usecases.shared.deps import Deps
from invo_booking.usecases.staff import host_conflicts

CONFIRMED = 40
REFRESH_TARGET = 15.0  # seconds for 500 agents
GROUP, OWN = HOSTS = ["group", "own"]
FOLLOW_TARGET = 120.0  # seconds for 2,000 changed events
ADMIN = Actor(
    id=uuid4(),
    name="Grace",
    email="grace@bank.example",
    roles=frozenset({Role.SUPER_ADMIN}),
)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--agents", type=int, default=500)
    parser.add_argument("--events", type=int, default=2000)
    parser.add_argument("--latency", type=float, default=0.2, help="seconds a call")
    parser.add_argument("--hosts", nargs="*", default=HOSTS, choices=HOSTS)
    asked = parser.parse_args()
    figures: list[Figure] = []
    if GROUP in asked.hosts:
        with site(asked.agents, asked.latency) as there:
            figures += busy_times(there)
            figures.append(writing_evenly(there))
            figures += host_calendar(there, asked.events, GROUP)
    if OWN in asked.hosts:
        with site(asked.agents, asked.latency, has_own_host=True) as there:
            poll.poll_if_due(there.deps, at_once=True)  # agents not known are not free
            figures += host_calendar(there, asked.events, OWN)
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

    yield there.measured(f"Ask for {DAYS} days", ask, most=REFRESH_TARGET)
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
        return f"{len(there.outlook.events(there.calendar))} events, {failed} failed"

    return there.measured(f"{CONFIRMED} appointments confirmed at once", write)


def host_calendar(there: Site, count: int, kind: str) -> Iterator[Figure]:
    """Measure how long it takes to follow changes made in the host calendar."""
    kept = _write(there, _diary(there.bank, count))
    starts = {it.appointment_id: it.period.start + HOUR for it in kept}

    def poll() -> str:
        calendar = granting.calendar_of_connection(there.deps, there.connection())
        found = pull.pull_changes(there.deps, calendar, there.connection(), utc_now())
        return f"{found} followed"

    def of(what: str) -> str:
        return f"{kind}: {count:,} events, {what}"

    yield there.measured(of("read for the first time"), poll)

    yield there.measured(of("none changed"), poll)
    for event in kept:
        there.outlook.change(event.event_id, subject="Answered")
    figure = there.measured(of("all changed, none moved"), poll, FOLLOW_TARGET)
    known = _known_versions(there, {it.event_id for it in kept})
    yield replace(figure, note=f"{figure.note}; {known} versions stored")
    for event in kept:
        there.outlook.move(
            event.event_id, event.period.start + HOUR, event.period.end + HOUR
        )
    shown = there.measured(of("all moved, shown to staff"), poll, FOLLOW_TARGET)
    yield shown
    figure = there.measured(
        of("all moves followed"),
        lambda: _decide(there.deps),
        FOLLOW_TARGET - shown.seconds,
    )
    right = _at(there.deps, starts)
    yield replace(figure, note=f"{figure.note}; {right} appointments where they belong")
    _as_written(there.deps)
    for event in kept:
        there.outlook.delete(event.event_id)
    figure = there.measured(of("all deleted"), poll, FOLLOW_TARGET)
    seen = _deleted(there.deps)
    yield replace(figure, note=f"{figure.note}; {seen} appointments shown to staff")
    if (known, right, seen) != (count, count, count):
        sys.exit(f"{3 * count - known - right - seen} changes were lost")


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
            event_id = there.outlook.foreign_event(there.calendar, start, end)
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


def _decide(deps: Deps) -> str:
    done, presses = 0, 0
    while moved := host_conflicts.follow_events_moved_at_once(deps, ADMIN):
        done, presses = done + moved, presses + 1
    return f"{done} moved with {presses} presses"


def _as_written(deps: Deps) -> None:
    """Store that all events were written, which would take an hour."""
    with deps.unit_of_work() as work:
        query = text("UPDATE host_event SET digest = 'written'")
        work.session.connection().execute(query)


def _waiting(deps: Deps) -> int:
    with deps.unit_of_work() as work:
        return work.outbox.count("open", (CALENDAR,))


def _at(deps: Deps, starts: dict[UUID, datetime]) -> int:
    with deps.unit_of_work() as work:
        rows = work.session.connection().execute(
            text("SELECT id, starts_at FROM appointment")
        )
        return sum(starts.get(row.id) == row.starts_at for row in rows)


def _deleted(deps: Deps) -> int:
    with deps.unit_of_work() as work:
        query = text("SELECT count(*) FROM host_event WHERE state = 'deleted'")
        return work.session.connection().execute(query).scalar_one()


def _known_versions(there: Site, event_ids: set[str]) -> int:
    """Return how many of these events are stored with their present version."""
    entries = there.outlook.entries
    with there.deps.unit_of_work() as work:
        rows = work.session.connection().execute(
            text("SELECT event_id, version FROM host_event")
        )
        return sum(
            entries[row.event_id].change_key == row.version
            for row in rows
            if row.event_id in event_ids
        )


def _table(title: str, figures: list[Figure]) -> Table:
    table = Table(title=title)
    for name in ("What", "Seconds", "CPU", "At most", "Calls", "At once", "Result"):
        table.add_column(
            name, justify="left" if name in {"What", "Result"} else "right"
        )
    for it in figures:
        color = "red" if it.missed else "default"
        most = "" if it.most is None else f"{it.most:.0f}"
        table.add_row(
            it.what,
            f"[{color}]{it.seconds:.1f}[/{color}]",
            f"{it.processor:.1f}",
            most,
            str(it.calls),
            str(it.most_at_once),
            it.note,
        )
    return table


if __name__ == "__main__":
    main()
