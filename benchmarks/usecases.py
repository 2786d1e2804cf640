"""What one intention costs: processor time of the use case alone.

``python -m benchmarks.usecases [--profile "A booking"]``: starts its own PostgreSQL,
fills the bank of ``institution.py`` and prints a table. One process, no HTTP; the
database's own share is not counted.
"""

import argparse
import cProfile
import pstats
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from statistics import median
from time import process_time_ns
from uuid import UUID

from rich.console import Console
from rich.table import Table

from benchmarks import institution
from invo_booking.config import load_config
from invo_booking.domain.access.caller import Caller, Interface
from invo_booking.domain.access.roles import Role
from invo_booking.domain.appointment import Appointment, Channel
from invo_booking.domain.clock import utc_now
from invo_booking.domain.errors import SlotClosedError
from invo_booking.domain.interval import Interval
from invo_booking.persistence.engine import make_engine
from invo_booking.persistence.unit_of_work import unit_of_work
from invo_booking.run.embedded import Postgres, scratch_folder
from invo_booking.run.schema import migrate_schema
from invo_booking.usecases.appointment.drafts import AppointmentChange
from invo_booking.usecases.booking.booking import (
    BookingRequest,
    new_idempotency_key,
    offer_slots,
    request_appointment,
)
from invo_booking.usecases.shared.deps import Deps
from invo_booking.usecases.staff import appointments, calendar, detail
from tests.support.fakes import Postbox
from tests.support.keys import SECRET_KEYS

ROUNDS = 60
TARGETS = {"A booking": "6", "A staff move": "4", "An assignment": "4"}
MONTH = timedelta(days=30)
Intention = Callable[[], object]


class Office:
    """The bank, and everybody who asks something of it."""

    def __init__(self, deps: Deps, answers: list[UUID]) -> None:
        self.deps = deps
        self.answers = answers
        with deps.unit_of_work() as work:
            someone = next(iter(work.roster.agents)).as_actor()
        self.manager = replace(someone, roles=frozenset({Role.MANAGER}))
        self.booked: list[Appointment] = []
        self._numbers = count(1)

    def open_starts(self) -> list[datetime]:
        """Return the starts of the coming 30 days open for the first Answer."""
        now = self.deps.now()
        offer = offer_slots(
            self.deps, self.answers[0], "en", Interval(now, now + MONTH)
        )
        return [slot.start for slot in offer.slots]

    def request(self, start: datetime) -> Intention:
        """Return the intention of a customer of whom nobody has heard before."""
        number = next(self._numbers)
        address = f"198.51.{number >> 8}.{number & 255}"
        deps = self.deps.for_caller(Caller(interface=Interface.API, address=address))
        form = BookingRequest(
            answer_id=self.answers[0],
            language="en",
            channel=Channel.VIDEO,
            starts_at=start,
            name="Rosa Delgado",
            email=f"rosa{number}@customer.example",
            time_zone=institution.ZONE.key,
        )
        key = new_idempotency_key()

        def ask() -> None:
            booked = request_appointment(deps, form, idempotency_key=key)
            self.booked.append(booked.appointment)

        return ask


def _bookings(office: Office) -> Iterator[Intention]:
    """Every start twice: nearly all have room for that."""
    while True:
        for start in office.open_starts()[::3]:
            yield office.request(start)


def _refusals(office: Office) -> Iterator[Intention]:
    """Ask for an hour at which nobody works."""
    while True:
        for day in institution.working_days(18):
            evening = institution.half_hours(day)[0] + timedelta(hours=11)
            yield _refused(office.request(evening))


def _refused(ask: Intention) -> Intention:
    def run() -> None:
        with suppress(SlotClosedError):
            ask()

    return run


def _lists(office: Office) -> Iterator[Intention]:
    while True:
        yield office.open_starts


def _lists_after_bookings(office: Office) -> Iterator[Intention]:
    for book in _bookings(office):
        book()
        yield office.open_starts


def _moves(office: Office) -> Iterator[Intention]:
    """Move what agents have to another half hour of theirs."""
    for day in institution.working_days(30)[2:]:
        starts = institution.half_hours(day)
        window = Interval(starts[0], starts[-1] + institution.HALF_HOUR)
        with office.deps.unit_of_work() as work:
            there = [it for it in work.appointments.between(window) if it.agent_id]
        for one in there[::40]:
            yield _moved(office, one, window)


def _moved(office: Office, one: Appointment, window: Interval) -> Intention:
    lanes = calendar.drop_openings(office.deps, office.manager, one.id, window)
    start = next(
        it.start for it in lanes[str(one.agent_id)] if not it.overlaps(one.period)
    )
    return lambda: appointments.change_appointment(
        office.deps, office.manager, one.id, AppointmentChange(starts_at=start)
    )


def _assignments(office: Office) -> Iterator[Intention]:
    for book in _bookings(office):
        book()
        waits = office.booked[-1]
        seen = detail.appointment_detail(office.deps, office.manager, waits.id)
        agent = next(it.agent_id for it in seen.candidates if it.free)
        yield lambda one=waits.id, who=agent: appointments.assign_appointment(
            office.deps, office.manager, one, who
        )


def _details(office: Office) -> Iterator[Intention]:
    for book in _bookings(office):
        book()
        yield lambda one=office.booked[-1].id: detail.appointment_detail(
            office.deps, office.manager, one
        )


INTENTIONS: dict[str, Callable[[Office], Iterator[Intention]]] = {
    "A booking": _bookings,
    "A refusal with its three nearest open starts": _refusals,
    "A slot list of 30 days after no change": _lists,
    "A slot list of 30 days after a booking": _lists_after_bookings,
    "A staff move": _moves,
    "An assignment": _assignments,
    "An appointment with who could take it": _details,
}


def _measured(
    intentions: Iterator[Intention], profile: cProfile.Profile | None
) -> list[float]:
    """Return what each cost in milliseconds; the first few warm up."""
    took: list[float] = []
    for number in range(-10, ROUNDS):
        intention = next(intentions)
        begun = process_time_ns()
        if profile is not None and number >= 0:
            profile.runcall(intention)
        else:
            intention()
        if number >= 0:
            took.append((process_time_ns() - begun) / 1e6)
    return took


@contextmanager
def _office() -> Iterator[Office]:
    with scratch_folder() as folder, Postgres(folder) as server:
        migrate_schema(server.url)
        answers = institution.make(server.url)
        engine = make_engine(server.url, pool_size=2)
        config = load_config(
            {"INVO_DATABASE_URL": server.url, "INVO_SECRET_KEYS": SECRET_KEYS}
        )
        deps = Deps(
            config=config,
            begin=unit_of_work(engine, config.mail_link_key),
            now=utc_now,
            mailer=Postbox(),
            wake=lambda: None,
        )
        yield Office(deps, answers)
        engine.dispose()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--profile", choices=INTENTIONS, help="show where it goes")
    asked = parser.parse_args()
    profile = cProfile.Profile() if asked.profile else None
    table = Table("What", "Best ms", "Median ms", "Target")
    with _office() as office:
        for what, make in INTENTIONS.items():
            if asked.profile in (None, what):
                took = _measured(make(office), profile)
                figures = f"{min(took):.2f}", f"{median(took):.2f}"
                table.add_row(what, *figures, TARGETS.get(what, ""))
    if profile is not None:
        pstats.Stats(profile).sort_stats("cumulative").print_stats(70)
    Console().print(table)


if __name__ == "__main__":
    main()
