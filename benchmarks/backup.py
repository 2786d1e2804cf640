"""A backup of a million appointments while customers book.

``python -m benchmarks.backup [--workers 1] [--days 286] [--rounds 2]``: fills the bank
of ``scale.py``, books with and without a backup beside it, in turns, and prints a
table. Fewer days make a smaller bank, for a quick look.
"""

import argparse
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from rich.console import Console

from benchmarks.api import Measured, Site, bookings, bookings_each_second, table
from benchmarks.scale import DAYS
from benchmarks.scale import site as large_site
from invo_booking.domain.clock import utc_now
from invo_booking.run.backup import DUMP, take_backup

SHARE = 0.8
"""Share of the time of a backup in which is booked beside one, so that it ends last."""


def backup(site: Site, folder: Path) -> float:
    """Back up; return how many seconds it took."""
    config, begin = site.house.config, perf_counter()
    made = take_backup(config, config.database_url, folder, utc_now(), keep=1)
    took = perf_counter() - begin
    size = (made / DUMP).stat().st_size / 2**20
    Console().print(f"Backup: {took:.1f} s, {size:.0f} MB")
    return took


def beside_a_backup(site: Site, folder: Path) -> tuple[Measured, Measured]:
    """Book at the promised rate and as fast as possible, each beside a backup."""
    measured: list[Measured] = []
    for book in (bookings_each_second, bookings):
        with ThreadPoolExecutor(1) as thread:
            running = thread.submit(backup, site, folder)
            measured.append(book(site))
            is_over = running.done()
            running.result()
        measured[-1].what += ", a backup beside" + (" (ended first)" if is_over else "")
    return measured[0], measured[1]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--days", type=int, default=DAYS, help="working days filled")
    parser.add_argument("--rounds", type=int, default=2)
    arguments = parser.parse_args()
    printed = table(arguments.workers)
    with (
        large_site(arguments.workers, 20.0, arguments.days) as running,
        TemporaryDirectory() as place,
    ):
        bookings_each_second(running)  # so that all is read that will be needed
        paced = replace(running, seconds=SHARE * backup(running, Path(place)))
        for _ in range(arguments.rounds):
            for measured in (
                bookings_each_second(paced),
                bookings(paced),
                *beside_a_backup(paced, Path(place)),
            ):
                printed.add_row(*measured.row())
        Console(width=150).print(printed)


if __name__ == "__main__":
    main()
