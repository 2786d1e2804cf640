"""Three web processes on one port, and three behind the proxy, each with its own port.

``python -m benchmarks.processes [--seconds 10] [--rounds 3]``: starts a bank of
``institution.py``, asks it in turns and prints a table with the sums of all rounds.
"""

import argparse
import asyncio
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

from rich.console import Console

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
def sites(seconds: float) -> Iterator[dict[str, Site]]:
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
        ports: list[int] = []
        for number in range(PROCESSES):
            place = folder / f"machine{number}"
            place.mkdir()
            own = stack.enter_context(House(place, database, **known))
            own.start_web()
            ports.append(own.config.port)
        shared = stack.enter_context(proxied([first.config.port], folder / "shared"))
        single = stack.enter_context(proxied(ports, folder / "single"))
        direct = Site(first, sink, answers, seconds)
        yield {
            f"INVO_WEB_WORKERS={PROCESSES}": direct,
            f"INVO_WEB_WORKERS={PROCESSES}, proxy": _through(direct, shared),
            f"{PROCESSES} ports, proxy": _through(direct, single),
        }


def _through(site: Site, port: int) -> Site:
    return replace(site, house=Proxied(site.house, port))  # type: ignore[arg-type]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--rounds", type=int, default=PROCESSES)
    arguments = parser.parse_args()
    printed = table(PROCESSES)
    with sites(arguments.seconds) as ways:
        for site in ways.values():
            asyncio.run(warm_up(site))
        for measure in (slot_list, bookings):
            for name, sums in measured_in_turns(measure, ways, arguments.rounds):
                sums.what = f"{name}: {sums.what}"
                printed.add_row(*sums.row())
        Console(width=170).print(printed)


def measured_in_turns(
    measure: Callable[[Site], Measured], ways: Mapping[str, Site], rounds: int
) -> list[tuple[str, Measured]]:
    """Return what each way has served in all rounds.

    Bookings take longer the more there are, so in each round another way is first.
    """
    found: dict[str, list[Measured]] = {name: [] for name in ways}
    order = deque(ways)
    for _ in range(rounds):
        for name in order:
            found[name].append(measure(ways[name]))
        order.rotate(-1)
    return [(name, summed(measured)) for name, measured in found.items()]


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
