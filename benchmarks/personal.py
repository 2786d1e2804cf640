"""What the relay of personal calendars adds to the answer of a provider.

``python -m benchmarks.personal [--rounds 50]``: starts its own PostgreSQL and web
server and both fakes, puts 300 events into a month of one agent at each, and asks for
that month through the relay and, without it, at the fake.
"""

import argparse
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import httpx
from rich.console import Console
from rich.table import Table

from invo_booking.domain.clock import utc_now
from invo_booking.persistence.engine import make_engine
from invo_booking.persistence.unit_of_work import unit_of_work
from invo_booking.run.embedded import scratch_folder
from invo_booking.usecases.shared.deps import Deps
from tests.support.bank import PASSWORD, Bank
from tests.support.fakes import Postbox
from tests.support.google.server import running_fake as running_google
from tests.support.microsoft import running_fake as running_outlook
from tests.support.personal_bank import BACK, both_env, offer_both
from tests.support.servers import House

EVENTS = 300
ACCOUNT = "ana@bank.example"
FIRST = datetime(2027, 3, 1, 15, tzinfo=UTC)
MONTH = {"from": "2027-02-28", "to": "2027-04-11"}
TARGET = 20.0
"""Milliseconds the relay may add."""


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=50)
    rounds = parser.parse_args().rounds
    with (
        tempfile.TemporaryDirectory() as scratch,
        scratch_folder() as folder,
        running_google(Path(scratch) / "google") as google,
        running_outlook(Path(scratch) / "microsoft") as outlook,
        House(folder, **both_env(Path(scratch), google, outlook)) as house,
    ):
        house.start_postgres()
        open_bank(house, google, outlook)
        house.start_web()
        fakes = {"google": google, "outlook": outlook}
        print_table({name: measure(house, name, fakes[name], rounds) for name in fakes})


def open_bank(house: House, google: Any, outlook: Any) -> None:
    """Create a bank with one agent, whose calendars are full."""
    engine = make_engine(house.config.database_url)
    deps = Deps(
        config=house.config,
        begin=unit_of_work(engine, house.config.mail_link_key),
        now=utc_now,
        mailer=Postbox(),
        wake=lambda: None,
    )
    bank = Bank(deps, utc_now)
    bank.agent("Ana", password=PASSWORD)
    offer_both(bank, google, outlook)
    engine.dispose()
    for number in range(EVENTS):
        start = FIRST + number % 30 * timedelta(days=1) + number // 30 * HALF_HOUR
        google.put(ACCOUNT, start, start + HALF_HOUR, summary=f"Event {number}")
        outlook.busy(ACCOUNT, start, start + HALF_HOUR, subject=f"Event {number}")


HALF_HOUR = timedelta(minutes=30)


def measure(house: House, provider: str, fake: Any, rounds: int) -> tuple[float, float]:
    """Return the milliseconds with the relay, and those of the provider alone."""
    origin = {"origin": house.config.public_url}
    with httpx.Client(base_url=house.url, timeout=60) as browser:
        form = {"email": ACCOUNT, "password": PASSWORD}
        browser.post("/session/sign-in", data=form, headers=origin)
        wanted = {"provider": provider}
        begun = browser.post("/relay/sign-in", json=wanted, headers=origin).json()
        answer = fake.approve(begun["address"], email=ACCOUNT)
        back = browser.get(BACK[provider], params=answer).headers["location"]
        address = f"/relay/{back.partition('=')[2]}/events"
        shown = browser.get(address, params=MONTH).json()["events"]
        if len(shown) != EVENTS:
            raise RuntimeError(f"{len(shown)} events instead of {EVENTS}")
        relayed = timed(lambda: browser.get(address, params=MONTH), rounds)
    call = next(it for it in reversed(fake.calls) if it.of_api)
    base = f"{fake.url}{'/calendar/v3' if provider == 'google' else '/v1.0'}"
    headers = {"authorization": call.headers["authorization"]}
    headers |= {
        name: call.headers[name] for name in ("prefer",) if name in call.headers
    }
    with httpx.Client(verify=str(fake.ca_file), headers=headers) as client:
        alone = timed(lambda: client.get(base + call.path, params=call.query), rounds)
    return relayed, alone


def timed(ask: Callable[[], httpx.Response], rounds: int) -> float:
    """Return the median of many requests, in milliseconds."""
    took: list[float] = []
    for _ in range(rounds):
        began = perf_counter()
        ask().raise_for_status()
        took.append(1_000 * (perf_counter() - began))
    return median(took)


def print_table(found: dict[str, tuple[float, float]]) -> None:
    """Print a line for each provider."""
    table = Table("Provider", "With the relay", "Alone", "Relay", "Target")
    for name, (relayed, alone) in found.items():
        cells = [f"{it:.1f} ms" for it in (relayed, alone, relayed - alone, TARGET)]
        table.add_row(name, *cells)
    Console().print(table)


if __name__ == "__main__":
    main()
