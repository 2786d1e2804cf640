"""How much longer a web process takes to start while Exchange is configured.

``python -m benchmarks.web_start [--rounds 9] [--port 8931]``: builds the pages if that
is necessary, and starts one web process after the other, by turns without and with
Exchange as the primary provider, until each has answered a first request from the
database. The medians are compared in pairs, so that a busy machine slows both alike.
Ends with an error if the median of the differences is more than promised.
"""

import argparse
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from time import perf_counter, sleep

import httpx
from rich.console import Console

from invo_booking.domain.clock import utc_now
from invo_booking.persistence.engine import make_engine
from invo_booking.persistence.unit_of_work import unit_of_work
from invo_booking.run import frontend
from invo_booking.run.embedded import scratch_folder
from invo_booking.settings import calendars, providers
from invo_booking.usecases.shared.deps import Deps
from invo_booking.usecases.shared.sealing import seal
from tests.support.bank import Bank
from tests.support.fakes import Postbox
from tests.support.servers import House

MOST = 0.050
"""Seconds by which Exchange may slow a start."""

FIRST = "/api/v1/answers"
LONGEST = 120.0
LOOKS = 0.005
ACCOUNT = {
    calendars.PRIMARY_PROVIDER: calendars.EXCHANGE,
    providers.EXCHANGE_SERVER: "https://mail.bank.example/EWS/Exchange.asmx",
    providers.EXCHANGE_USER: "booking@bank.example",
}


@dataclass
class Starts:
    """Seconds of each start, in the order of the rounds."""

    without: list[float] = field(default_factory=list[float])
    configured: list[float] = field(default_factory=list[float])

    @property
    def difference(self) -> float:
        """Median of the differences of a round."""
        pairs = zip(self.without, self.configured, strict=True)
        return median(there - before for before, there in pairs)


def main() -> None:
    """Start web processes by turns, and compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--port", type=int, default=8931)
    given = parser.parse_args()
    with (
        scratch_folder() as folder,
        bank_with_servers(folder, given.port) as (house, bank),
    ):
        frontend.build_pages(house.config, dict(os.environ), print)
        seconds_of_start(house)  # what only the first start of a machine takes
        found = measure(house, bank, given.rounds)
    report(found)
    if found.difference > MOST:
        sys.exit(1)


@contextmanager
def bank_with_servers(folder: Path, port: int) -> Iterator[tuple[House, Bank]]:
    """Yield a bank and its servers, without any process of the product."""
    with House(folder, INVO_PORT=str(port)) as house:
        house.start_postgres()
        house.start_valkey()
        engine = make_engine(house.config.database_url)
        deps = Deps(
            config=house.config,
            begin=unit_of_work(engine, house.config.mail_link_key),
            now=utc_now,
            mailer=Postbox(),
            wake=lambda: None,
        )
        yield house, Bank(deps, utc_now)
        engine.dispose()


def measure(house: House, bank: Bank, rounds: int) -> Starts:
    """Start by turns; every second round begins with the other one."""
    found = Starts()
    for number in range(rounds):
        for is_configured in (bool(number % 2), not number % 2):
            configure(bank, is_configured=is_configured)
            kept = found.configured if is_configured else found.without
            kept.append(seconds_of_start(house))
    return found


def configure(bank: Bank, *, is_configured: bool) -> None:
    """Make Exchange the primary provider, with an account; or nothing."""
    sealed = seal(bank.deps.config, providers.EXCHANGE_PASSWORD.key, "a password")
    values = {**ACCOUNT, providers.EXCHANGE_PASSWORD: sealed}
    for setting, text in values.items():
        default = setting.show(setting.default)
        bank.set(setting, text if is_configured else default)


def seconds_of_start(house: House) -> float:
    """Return how long a web process takes until it has answered, and end it."""
    config = house.config
    environment = {**house.environment, **frontend.serve_environment(config)}
    began = perf_counter()
    process = subprocess.Popen(  # noqa: S603 - our own command line
        frontend.serve_command(config), env=environment, stdout=subprocess.DEVNULL
    )
    try:
        await_answer(house.url)
        return perf_counter() - began
    finally:
        process.terminate()
        process.wait()


def await_answer(address: str) -> None:
    """Ask until there is an answer.

    Raises:
        TimeoutError: If there is none.
    """
    ends = perf_counter() + LONGEST
    with httpx.Client(timeout=LONGEST, trust_env=False) as client:
        while perf_counter() < ends:
            try:
                if client.get(f"{address}{FIRST}").is_success:
                    return
            except httpx.HTTPError:
                sleep(LOOKS)
    raise TimeoutError(f"no answer within {LONGEST:.0f} seconds")


def report(found: Starts) -> None:
    """Print both medians and the median difference."""
    console = Console()
    for name, seconds in (
        ("without Exchange", found.without),
        ("with Exchange", found.configured),
    ):
        shown = " ".join(f"{it:.2f}" for it in seconds)
        console.print(f"{name}: median {median(seconds):.3f} s  ({shown})")
    console.print(
        f"median difference of {len(found.without)} rounds: "
        f"{found.difference * 1000:+.0f} ms (at most {MOST * 1000:.0f} ms)"
    )


if __name__ == "__main__":
    main()
