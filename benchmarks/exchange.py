"""What Exchange costs a worker and the start of a web process.

``python -m benchmarks.exchange [--agents 500] [--latency 0.2]``: a worker's process
asks a fake that answers after 200 ms, sign-ins included. The fake makes and checks its
answers before, and gives them again while it is measured. Ends with an error if a
figure is missed.
"""

import argparse
import json
import re
import subprocess
import sys
from datetime import timedelta

from rich.console import Console
from rich.table import Table

from benchmarks.exchange_worker import DAYS, FIRST
from invo_booking.usecases.calendars.live.live_check import SECONDS
from tests.support.exchange import Exchange as Fake
from tests.support.exchange import running_fake

ENTRIES_A_DAY = 2
HOUR = timedelta(hours=1)
MOST = {"first": SECONDS, "seconds": 5.0, "megabytes": 300.0, "web": 50.0}
NAMES = {
    "first": "First question of a new process, signed in with it (s)",
    "seconds": "Agents read (s)",
    "megabytes": "Memory of the worker's process (MB)",
    "web": "Added to the imports of a web process (ms)",
}
OURS = re.compile(
    r"import time:\s+(\d+) \|.*\b(?:providers\.exchange|calendars\.through_worker"
    r"|calendars\.server_accounts)"
)
PAGES = "from invo_booking import api, app, bootstrap"


def main() -> None:
    """Measure, print, and fail if a figure is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--agents", type=int, default=500)
    parser.add_argument("--latency", type=float, default=0.2)
    given = parser.parse_args()
    with running_fake() as fake:
        fill(fake, given.agents)
        fake.remembered = {}
        worker(fake, given.agents)
        fake.latency = given.latency
        found = worker(fake, given.agents)
    found["web"] = added_to_web()
    table = Table("", "Measured", "Target")
    for key, name in NAMES.items():
        table.add_row(name, f"{found[key]:.2f}", f"{MOST[key]:.0f}")
    Console().print(table)
    is_whole = found["entries"] == given.agents * DAYS * ENTRIES_A_DAY
    if not is_whole or any(found[key] > most for key, most in MOST.items()):
        sys.exit("a figure is missed")


def fill(fake: Fake, agents: int) -> None:
    """Give each agent some entries a day."""
    for number in range(agents):
        for day in range(DAYS):
            for entry in range(ENTRIES_A_DAY):
                start = FIRST + timedelta(days=day) + (9 + 3 * entry) * HOUR
                fake.busy(f"agent{number}@bank.example", start, start + HOUR)


def worker(fake: Fake, agents: int) -> dict[str, float]:
    """Return what a new process of a worker measures."""
    module = [sys.executable, "-m", "benchmarks.exchange_worker"]
    told = subprocess.run(  # noqa: S603 - our own module
        [*module, fake.url, str(fake.ca_file), fake.user, str(agents)],
        input=fake.password,
        text=True,
        check=True,
        stdout=subprocess.PIPE,
    )
    return json.loads(told.stdout)


def added_to_web() -> float:
    """Return the milliseconds that only Exchange adds to a web process's imports."""
    command = [sys.executable, "-X", "importtime", "-c", PAGES]
    told = subprocess.run(  # noqa: S603 - our own modules
        command, text=True, check=True, stderr=subprocess.PIPE
    )
    return sum(int(it[1]) for it in OURS.finditer(told.stderr)) / 1000


if __name__ == "__main__":
    main()
