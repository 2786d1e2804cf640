"""What asking Google when agents are busy costs, if each call takes 200 ms.

``python -m benchmarks.google [--agents 500] [--latency 0.2]``: asks the fake, which
runs in this very process and takes time from what is measured. Nothing is stored; what
storing costs is the same for all providers, see ``benchmarks.outlook``. Ends with an
error if the figure is missed or an agent is not answered.
"""

import argparse
import os
import sys
from datetime import timedelta
from time import perf_counter

from rich.console import Console
from rich.table import Table

from invo_booking.domain.clock import utc_now
from invo_booking.domain.interval import Interval
from invo_booking.usecases.calendars.free_busy import free_busy
from tests.providers.google_world import opened
from tests.support.google import Google, running_fake

DAYS, ENTRIES_A_DAY = 42, 2
TARGET = 10.0  # seconds for 500 agents
HOUR = timedelta(hours=1)


def fill(google: Google, agents: list[str], start: Interval) -> None:
    """Give everybody two entries a day."""
    for number, agent in enumerate(agents):
        for day in range(DAYS):
            for entry in range(ENTRIES_A_DAY):
                at = start.start + timedelta(days=day, hours=(number + 5 * entry) % 20)
                google.busy(agent, at, at + HOUR)


def main() -> None:
    """Ask once, and print what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--agents", type=int, default=500)
    parser.add_argument("--latency", type=float, default=0.2)
    asked = parser.parse_args()
    agents = [f"agent{number:04}@bank.example" for number in range(asked.agents)]
    now = utc_now().replace(minute=0, second=0, microsecond=0)
    window = Interval(now, now + timedelta(days=DAYS))
    with running_fake() as google:
        fill(google, agents, window)
        calendar = opened(google)
        google.latency = asked.latency
        began = perf_counter()
        answers = free_busy(calendar, agents, window)
        seconds = perf_counter() - began
        calls = len(google.calls_to("POST", "/freeBusy"))
    spans = sum(len(it.busy) for it in answers.values())
    failed = [it.mailbox for it in answers.values() if it.problem]
    table = Table("agents", "days", "calls", "spans", "seconds", "at most")
    row = (asked.agents, DAYS, calls, spans, f"{seconds:.2f}", f"{TARGET:.0f}")
    table.add_row(*map(str, row))
    Console().print(table)
    load = os.getloadavg()[0]
    Console().print(
        f"{os.cpu_count()} cores, load {load:.1f}, {asked.latency} s a call"
    )
    if failed or seconds > TARGET:
        sys.exit(f"missed: {len(failed)} agents without an answer")


if __name__ == "__main__":
    main()
