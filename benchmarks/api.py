"""What the HTTP API bears, measured from outside on a real server.

``python -m benchmarks.api [--workers 2] [--seconds 20] [NAME...]``: starts its own
PostgreSQL, Valkey, worker and web server, fills the bank of ``institution.py`` and
prints a table. The load comes from this process, on the same machine.
"""

import argparse
import asyncio
import os
import random
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import perf_counter
from uuid import UUID

import httpx
from rich.console import Console
from rich.table import Table

from benchmarks import institution
from benchmarks.wire import Caller, Reply
from invo_booking.run.embedded import scratch_folder
from tests.support.callers import Form
from tests.support.invariants import check
from tests.support.servers import House, MailSink, mail_sink, until

CLIENTS = 50
CROWD = 200
WARM_UP = 40
MAILS, MAILS_A_SECOND = 200, 10


@dataclass
class Site:
    """What is measured."""

    house: House
    sink: MailSink
    answers: list[UUID]
    seconds: float


@dataclass
class Measured:
    """Requests that were made, and how long each took in seconds."""

    what: str
    took: list[float]
    elapsed: float
    statuses: Counter[int]

    def row(self) -> list[str]:
        """Return the line of the table."""
        return [
            self.what,
            str(len(self.took)),
            f"{len(self.took) / self.elapsed:.0f}",
            *(f"{percentile(self.took, p) * 1000:.0f}" for p in (50, 95, 99, 100)),
            ", ".join(f"{n} of {code}" for code, n in sorted(self.statuses.items())),
        ]


def percentile(values: Sequence[float], percent: int) -> float:
    """Return the smallest value that so many percent do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)]


Ask = Callable[[Caller], Awaitable[Reply] | None]


async def keep_asking(
    url: str, clients: int, seconds: float, ask: Ask, *, pause: float = 0
) -> Measured:
    """Let clients ask one request after another.

    Args:
        url: The server's.
        clients: How many ask at the same time.
        seconds: For how long.
        ask: Sends one request; ``None`` ends a client.
        pause: Seconds from one request of a client to its next, if the answer has
            come by then; none, and each asks again as soon as it is answered.
    """
    took: list[float] = []
    statuses: Counter[int] = Counter()
    begin = perf_counter()

    async def one(place: int) -> None:
        await asyncio.sleep(pause * place / clients)
        async with Caller(url) as own:
            while perf_counter() - begin < seconds:
                asked = perf_counter()
                request = ask(own)
                if request is None:
                    return
                answer = await request
                took.append(perf_counter() - asked)
                statuses[answer.status_code] += 1
                await asyncio.sleep(max(0.0, pause - took[-1]))

    await asyncio.gather(*map(one, range(clients)))
    return Measured("", took, perf_counter() - begin, statuses)


def distinct_places(site: Site) -> list[Form]:
    """Return a form for every half hour of every Answer, in random order."""
    forms = [
        Form(str(answer), start)
        for day in institution.working_days(40)
        for start in institution.half_hours(day)
        for answer in site.answers
    ]
    random.Random(institution.SEED).shuffle(forms)  # noqa: S311  # no secret
    return forms


def bookings(site: Site) -> Measured:
    """50 clients, each booking one place after another, none of them twice."""
    forms = distinct_places(site)
    measured = asyncio.run(
        keep_asking(
            site.house.url,
            CLIENTS,
            site.seconds,
            lambda own: own.book(forms.pop()) if forms else None,
        )
    )
    measured.what = f"Bookings, {CLIENTS} clients, distinct slots"
    return measured


def bookings_each_second(site: Site) -> Measured:
    """50 clients, each booking once a second: the rate that is promised."""
    forms = distinct_places(site)
    measured = asyncio.run(
        keep_asking(
            site.house.url,
            CLIENTS,
            site.seconds,
            lambda own: own.book(forms.pop()) if forms else None,
            pause=1.0,
        )
    )
    measured.what = f"Bookings, {CLIENTS} clients, one each a second"
    return measured


def last_place(site: Site) -> Measured:
    """200 clients who want the one place that is left in a slot, at once."""
    day = institution.working_days(41)[-1]
    start = institution.half_hours(day)[6]
    asyncio.run(fill_up(site, start))
    forms = [Form(str(site.answers[0]), start) for _ in range(CROWD)]

    async def crowd() -> Measured:
        async with AsyncExitStack() as doors:
            enter = doors.enter_async_context
            callers = [await enter(Caller(site.house.url)) for _ in forms]
            await asyncio.gather(*(caller.get("/healthz") for caller in callers))
            begin = perf_counter()
            took: list[float] = []

            async def one(caller: Caller, form: Form) -> int:
                answer = await caller.book(form)
                took.append(perf_counter() - begin)
                return answer.status_code

            codes = await asyncio.gather(*map(one, callers, forms))
            return Measured("", took, perf_counter() - begin, Counter(codes))

    measured = asyncio.run(crowd())
    measured.what = f"{CROWD} clients on the last place of a slot"
    return measured


async def fill_up(site: Site, start: datetime) -> None:
    """Book a slot until one more would be refused, then give one place back."""
    async with Caller(site.house.url) as own:
        last = ""
        while True:
            answer = await own.book(Form(str(site.answers[0]), start))
            if not answer.is_success:
                break
            last = answer.json()["token"]
        await own.post(f"/api/v1/appointments/{last}/cancel")


def slot_list(site: Site) -> Measured:
    """50 clients who look at 30 days, while nothing changes."""
    measured = asyncio.run(
        keep_asking(site.house.url, CLIENTS, site.seconds, lambda own: look(own, site))
    )
    measured.what = f"Slot list, 30 days, {CLIENTS} clients, nothing changes"
    return measured


def slot_list_at_the_rate(site: Site) -> Measured:
    """50 clients who look at 30 days three times a second, as fast as promised."""
    measured = asyncio.run(
        keep_asking(
            site.house.url,
            CLIENTS,
            site.seconds,
            lambda own: look(own, site),
            pause=1 / 3,
        )
    )
    measured.what = f"Slot list, 30 days, {CLIENTS} clients, three each a second"
    return measured


def slot_list_while_booking(site: Site) -> Measured:
    """50 clients who look at 30 days, while somebody books five times a second."""
    forms = distinct_places(site)[-int(site.seconds * 10) :]

    async def both() -> Measured:
        looking = asyncio.create_task(
            keep_asking(
                site.house.url, CLIENTS, site.seconds, lambda own: look(own, site)
            )
        )
        async with Caller(site.house.url) as own:
            while not looking.done():
                await own.book(forms.pop())
                await asyncio.sleep(0.2)
        return await looking

    measured = asyncio.run(both())
    measured.what = f"Slot list, 30 days, {CLIENTS} clients, 5 bookings/s meanwhile"
    return measured


def look(own: Caller, site: Site) -> Awaitable[Reply]:
    """Ask for the 30 days the scheduler's calendar shows."""
    first = institution.working_days(1)[0]
    query = {
        "answer": str(random.choice(site.answers)),  # noqa: S311  # no secret
        "language": random.choice(["en", "es"]),  # noqa: S311  # no secret
        "from": first.isoformat(),
        "to": (first + timedelta(days=30)).isoformat(),
    }
    return own.get("/api/v1/slots", query)


def commit_to_mail(site: Site) -> Measured:
    """From the answer to a booking until its mail is at the mail server."""
    house, sink = site.house, site.sink
    house.start_beat()
    house.start_worker()
    until(lambda: worker_is_heard_of(house), 120)
    forms = distinct_places(site)[:MAILS]
    arrived: list[float] = []
    sink.messages.clear()
    sink.on_arrival = lambda: arrived.append(perf_counter())
    booked: dict[str, float] = {}

    async def book() -> Counter[int]:
        codes: Counter[int] = Counter()
        async with Caller(house.url) as own:
            for form in forms:
                codes[(await own.book(form)).status_code] += 1
                booked[form.email] = perf_counter()
                await asyncio.sleep(1 / MAILS_A_SECOND)
        return codes

    begin = perf_counter()
    codes = asyncio.run(book())
    until(lambda: len(arrived) >= codes[201], 120)
    took = [
        max(0.0, at - booked[message["To"]])
        for message, at in zip(sink.messages, arrived, strict=True)
        if message["To"] in booked
    ]
    what = f"Answer to mail server, {MAILS_A_SECOND} bookings/s"
    return Measured(what, took, perf_counter() - begin, codes)


def worker_is_heard_of(house: House) -> bool:
    """Whether the readiness page knows of a living worker and an empty outbox."""
    checks = httpx.get(f"{house.url}/readyz", timeout=5).json()["checks"]
    return all(check["ok"] for check in checks)


BENCHMARKS: dict[str, Callable[[Site], Measured]] = {
    "slots-paced": slot_list_at_the_rate,
    "slots": slot_list,
    "slots-booking": slot_list_while_booking,
    "bookings-paced": bookings_each_second,
    "bookings": bookings,
    "last-place": last_place,
    "mail": commit_to_mail,
}


@contextmanager
def site(workers: int, seconds: float) -> Iterator[Site]:
    """Yield a running bank; afterwards every invariant is checked."""
    with scratch_folder() as folder, mail_sink() as sink:
        house = House(folder, smtp_port=sink.port, web_workers=workers)
        with house:
            database_url = house.start_postgres()
            answers = institution.make(database_url)
            house.start_valkey()
            house.start_web()
            made = Site(house, sink, answers, seconds)
            asyncio.run(warm_up(made))
            yield made
            check(database_url)


async def warm_up(site: Site) -> None:
    """Let every web process open its connections and read the bank once."""

    async def one() -> None:
        async with Caller(site.house.url) as own:
            await look(own, site)

    await asyncio.gather(*(one() for _ in range(WARM_UP)))


def table(workers: int) -> Table:
    """Return the empty table."""
    title = f"{workers} web worker(s), {os.cpu_count()} cores, load client included"
    made = Table("What", "Requests", "A second", title=title)
    for column in ("p50 ms", "p95 ms", "p99 ms", "longest ms"):
        made.add_column(column, justify="right")
    made.add_column("Answers")
    return made


def main() -> None:
    """Measure what was asked for and print it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(BENCHMARKS))
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=20.0)
    arguments = parser.parse_args()
    printed = table(arguments.workers)
    with site(arguments.workers, arguments.seconds) as running:
        for name in arguments.names or BENCHMARKS:
            printed.add_row(*BENCHMARKS[name](running).row())
        Console(width=150).print(printed)


if __name__ == "__main__":
    main()
