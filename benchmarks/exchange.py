"""What reading busy times from Exchange costs, with a fake that answers after 200 ms.

``python -m benchmarks.exchange [--agents 500] [--latency 0.2]``: the fake is in this
very process, so it makes and checks its answers before, and gives them again while it
is measured. Ends with an error if a figure is missed.
"""

import argparse
import resource
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from time import perf_counter

from rich.console import Console

from invo_booking.domain.calendars.outside import Availability, ServerAccount
from invo_booking.domain.clock import utc_now
from invo_booking.domain.interval import Interval
from invo_booking.providers.exchange.provider import LIMITS, SESSIONS, Exchange
from invo_booking.providers.http import VendorClient
from tests.support.exchange import Exchange as Fake
from tests.support.exchange import running_fake

DAYS = 42
ENTRIES_A_DAY = 2
HOUR = timedelta(hours=1)
FIRST = datetime(2027, 3, 8, tzinfo=UTC)
WINDOW = Interval(FIRST, FIRST + timedelta(days=DAYS))
MOST_SECONDS = 5.0
MOST_MEGABYTES = 300


def main() -> None:
    """Measure, print, and fail if a figure is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--agents", type=int, default=500)
    parser.add_argument("--latency", type=float, default=0.2)
    given = parser.parse_args()
    with running_fake() as fake:
        mailboxes = fill(fake, given.agents)
        fake.remembered = {}
        read(fake, mailboxes)
        fake.latency = given.latency
        began = perf_counter()
        answers = read(fake, mailboxes)
        seconds = perf_counter() - began
    entries = sum(len(answer.busy) for answer in answers)
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    Console().print(
        f"{len(answers)} agents, {DAYS} days, {entries} entries: {seconds:.1f} s, "
        f"{megabytes:.0f} MB with the fake"
    )
    is_whole = entries == given.agents * DAYS * ENTRIES_A_DAY
    if not is_whole or seconds > MOST_SECONDS or megabytes > MOST_MEGABYTES:
        sys.exit("a figure is missed")


def fill(fake: Fake, agents: int) -> list[str]:
    """Give each agent some entries a day; return their mailboxes."""
    mailboxes = [f"agent{number}@bank.example" for number in range(agents)]
    for mailbox in mailboxes:
        for day in range(DAYS):
            for entry in range(ENTRIES_A_DAY):
                start = FIRST + timedelta(days=day) + (9 + 3 * entry) * HOUR
                fake.busy(mailbox, start, start + HOUR)
    return mailboxes


def read(fake: Fake, mailboxes: list[str]) -> list[Availability]:
    """Read all mailboxes in batches, over as many sessions as there may be."""

    def client() -> VendorClient:
        return VendorClient(
            "Exchange", ca_file=fake.ca_file, now=utc_now, connections=1
        )

    account = ServerAccount(address=fake.url, user=fake.user, password=fake.password)
    calendar = Exchange(client, utc_now).open(lambda: account)
    starts = range(0, len(mailboxes), LIMITS.mailboxes_per_call)
    parts = [mailboxes[start : start + LIMITS.mailboxes_per_call] for start in starts]
    with ThreadPoolExecutor(SESSIONS) as pool:
        answers = pool.map(lambda part: calendar.free_busy(part, WINDOW), parts)
        return [answer for batch in answers for answer in batch]


if __name__ == "__main__":
    main()
