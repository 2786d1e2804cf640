"""Three web processes on one port, and three behind the proxy, each with its own port.

``python -m benchmarks.processes [--seconds 10] [--rounds 3]``: starts a bank of
``institution.py``, asks it in turns and prints a table with the sums of all rounds, and
how much processor time of the web processes each request took. Other programs on the
machine change the rates much, and the processor time little.
"""

import argparse
import asyncio
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import psutil
from rich.console import Console
from rich.table import Table

from benchmarks import institution
from benchmarks.api import Measured, Site, bookings, slot_list, table, warm_up
from invo_booking.run.embedded import scratch_folder
from tests.support.nginx import plain_values, running_nginx
from tests.support.servers import House, free_port, mail_sink

PROCESSES = 3


class Proxied:
    """A house that is asked through its proxy."""

    def __init__(self, house: House, port: int) -> None:
        self.house = house
        self.url = f"http://127.0.0.1:{port}"


@dataclass(frozen=True)
class Way:
    """A way to the bank, and the houses whose web processes answer."""

    site: Site
    houses: Sequence[House]

    def processor_seconds(self) -> float:
        """Return how much processor time the web processes have used."""
        leaders = [psutil.Process(it.process_id("web")) for it in self.houses]
        all_of_them = [
            process
            for leader in leaders
            for process in (leader, *leader.children(recursive=True))
        ]
        return sum(sum(it.cpu_times()[:2]) for it in all_of_them)


@dataclass
class Found:
    """What a way has served, and how many processor seconds that took."""

    measured: list[Measured] = field(default_factory=list)
    processor_seconds: float = 0.0

    def processor_milliseconds_each(self) -> float:
        """Return the processor time of one request."""
        requests = sum(len(one.took) for one in self.measured)
        return 1000 * self.processor_seconds / requests


@contextmanager
def proxied(ports: Sequence[int], folder: Path) -> Iterator[int]:
    """Yield the port of a proxy in front of these ports, without limits."""
    folder.mkdir()
    (folder / "tls.conf").touch()
    port = free_port()
    values = plain_values(port, ports, folder / "tls.conf")
    with running_nginx(folder, values, port, rate="100000r/s"):
        yield port


@contextmanager
def all_ways(seconds: float) -> Iterator[dict[str, Way]]:
    """Yield the ways to the same bank, by name."""
    with ExitStack() as stack:
        folder = stack.enter_context(scratch_folder())
        sink = stack.enter_context(mail_sink())
        first = stack.enter_context(House(folder, web_workers=PROCESSES))
        database = first.start_postgres()
        answers = institution.make(database)
        first.start_valkey()
        first.start_web()
        known = {"INVO_REDIS_URL": first.config.redis_url}
        others: list[House] = []
        for number in range(PROCESSES):
            place = folder / f"machine{number}"
            place.mkdir()
            own = stack.enter_context(House(place, database, **known))
            own.start_web()
            others.append(own)
        ports = [it.config.port for it in others]
        shared = stack.enter_context(proxied([first.config.port], folder / "shared"))
        single = stack.enter_context(proxied(ports, folder / "single"))
        direct = Site(first, sink, answers, seconds)
        yield {
            f"INVO_WEB_WORKERS={PROCESSES}": Way(direct, [first]),
            f"INVO_WEB_WORKERS={PROCESSES}, proxy": Way(
                _through(direct, shared), [first]
            ),
            f"{PROCESSES} ports, proxy": Way(_through(direct, single), others),
        }


def _through(site: Site, port: int) -> Site:
    return replace(site, house=Proxied(site.house, port))  # type: ignore[arg-type]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--rounds", type=int, default=PROCESSES)
    arguments = parser.parse_args()
    printed, processor = table(PROCESSES), Table("Request", "CPU ms each")
    with all_ways(arguments.seconds) as ways:
        for way in ways.values():
            asyncio.run(warm_up(way.site))
        for measure in (slot_list, bookings):
            for name, found in measured_in_turns(measure, ways, arguments.rounds):
                sums = summed(found.measured)
                sums.what = f"{name}: {sums.what}"
                printed.add_row(*sums.row())
                each = f"{found.processor_milliseconds_each():.2f}"
                processor.add_row(sums.what, each)
        console = Console(width=170)
        console.print(printed)
        console.print(processor)


def measured_in_turns(
    measure: Callable[[Site], Measured], ways: Mapping[str, Way], rounds: int
) -> list[tuple[str, Found]]:
    """Return what each way has served in all rounds.

    Bookings take longer the more there are, so in each round another way is first.
    """
    found = {name: Found() for name in ways}
    order = deque(ways)
    for _ in range(rounds):
        for name in order:
            before = ways[name].processor_seconds()
            found[name].measured.append(measure(ways[name].site))
            spent = ways[name].processor_seconds() - before
            found[name].processor_seconds += spent
        order.rotate(-1)
    return list(found.items())


def summed(several: Sequence[Measured]) -> Measured:
    """Return several measurements of the same kind as one."""
    return Measured(
        what=several[0].what,
        took=[it for one in several for it in one.took],
        elapsed=sum(one.elapsed for one in several),
        statuses=sum((one.statuses for one in several), Counter[int]()),
    )


if __name__ == "__main__":
    main()
