"""What a worker does with Exchange, in its own process, for ``benchmarks.exchange``.

Prints as JSON the seconds of the first question of a new process, which is signed in
with it, the seconds of reading all agents, their entries and the memory of the process.
"""

import argparse
import json
import resource
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter

from invo_booking.domain.calendars.outside import Availability, ServerAccount
from invo_booking.domain.clock import utc_now
from invo_booking.domain.interval import Interval
from invo_booking.providers.exchange.calendar import ExchangeCalendar
from invo_booking.providers.exchange.provider import LIMITS, SESSIONS, Exchange
from invo_booking.providers.http import VendorClient
from invo_booking.tasks import delivery, questions, schedule, sync, upkeep

WORKER = (delivery, questions, schedule, sync, upkeep)
"""What every worker has imported."""

DAYS = 42
FIRST = datetime(2027, 3, 8, tzinfo=UTC)
WINDOW = Interval(FIRST, FIRST + timedelta(days=DAYS))


def main() -> None:
    """Ask, read, and print what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("url", "ca_file", "user"):
        parser.add_argument(name)
    parser.add_argument("agents", type=int)
    given = parser.parse_args()
    account = ServerAccount(
        address=given.url, user=given.user, password=sys.stdin.readline().strip()
    )
    mailboxes = [f"agent{number}@bank.example" for number in range(given.agents)]
    calendar = opened(account, Path(given.ca_file))
    began = perf_counter()
    calendar.free_busy(mailboxes[:1], Interval(FIRST, FIRST + timedelta(hours=1)))
    first = perf_counter() - began
    began = perf_counter()
    answers = read(calendar, mailboxes)
    seconds = perf_counter() - began
    figures = {
        "first": first,
        "seconds": seconds,
        "entries": sum(len(answer.busy) for answer in answers),
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    sys.stdout.write(json.dumps(figures))


def opened(account: ServerAccount, ca_file: Path) -> ExchangeCalendar:
    """Return the calendar, as a worker opens it."""

    def client() -> VendorClient:
        return VendorClient("Exchange", ca_file=ca_file, now=utc_now, connections=1)

    return Exchange(client, utc_now).open(lambda: account)


def read(calendar: ExchangeCalendar, mailboxes: list[str]) -> list[Availability]:
    """Read all mailboxes in batches, over as many sessions as there may be."""
    starts = range(0, len(mailboxes), LIMITS.mailboxes_per_call)
    parts = [mailboxes[start : start + LIMITS.mailboxes_per_call] for start in starts]
    with ThreadPoolExecutor(SESSIONS) as pool:
        answers = pool.map(lambda part: calendar.free_busy(part, WINDOW), parts)
        return [answer for batch in answers for answer in batch]


if __name__ == "__main__":
    main()
