"""How many bookings a second remain while each asks Outlook about its agent first.

``python -m benchmarks.live_check [--workers 2] [--seconds 20] [--latency 0.2]``: the
bank and the clients of ``benchmarks.api``, with a fake Microsoft as a process of its
own that answers each call after the latency. Each kind of load runs by turns without
and with *Check the calendar again when booking*.
"""

import argparse
import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from statistics import median
from uuid import uuid4

from rich.console import Console
from rich.table import Table
from sqlalchemy import text

from benchmarks import institution
from benchmarks.api import (
    CLIENTS,
    Measured,
    Site,
    distinct_places,
    keep_asking,
    percentile,
    warm_up,
)
from invo_booking.domain.calendars.connection import Connection, ConnectionState
from invo_booking.domain.calendars.outside import Grant
from invo_booking.domain.clock import utc_now
from invo_booking.persistence.engine import make_engine
from invo_booking.persistence.unit_of_work import unit_of_work
from invo_booking.providers.registry import providers
from invo_booking.run.embedded import scratch_folder
from invo_booking.settings import calendars
from invo_booking.settings import providers as fields
from invo_booking.usecases.calendars import granting, outside_agents, poll
from invo_booking.usecases.shared.deps import Deps
from invo_booking.usecases.shared.sealing import seal
from tests.e2e.pages.vendors import running_vendor
from tests.support.callers import Form
from tests.support.fakes import Postbox
from tests.support.microsoft import SCHEDULER, Remote
from tests.support.servers import House, mail_sink

HOUR = timedelta(hours=1)
PACES = (0.0, 1.0, 5.0)
"""Seconds from one booking of a client to its next; none, and each books at once."""

_UNCHECKED = text("SELECT count(*) FROM appointment WHERE unchecked_at IS NOT NULL")


@dataclass
class Connected:
    """A running bank that is connected to the fake."""

    site: Site
    deps: Deps
    remote: Remote

    def set_check(self, *, is_on: bool) -> None:
        """Switch the check on or off, at once everywhere."""
        put(self.deps, {calendars.LIVE_CHECK.key: "on" if is_on else "off"})

    def unchecked(self) -> int:
        """Return how many bookings were not checked so far."""
        with self.deps.unit_of_work() as work:
            return work.session.connection().execute(_UNCHECKED).scalar_one()

    def questions(self) -> int:
        """Return how often the fake was asked so far."""
        return len(self.remote.calls_to("POST", "/me/calendar/getSchedule"))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--latency", type=float, default=0.2)
    given = parser.parse_args()
    made = table(given.workers, given.latency)
    with connected(given.workers, given.seconds) as there:
        there.remote.set(latency=given.latency)
        places = distinct_places(there.site)
        for pace in PACES:
            for is_on in (False, True):
                cells = row(there, places.pop, pace, is_on=is_on)
                made.add_row(*cells)
                Console(stderr=True).print(*cells)
    Console(width=150).print(made)


def row(
    there: Connected, next_place: Callable[[], Form], pace: float, *, is_on: bool
) -> list[str]:
    """Book for a while; return the line of the table."""
    there.set_check(is_on=is_on)
    asked, unchecked = there.questions(), there.unchecked()
    found = asyncio.run(
        keep_asking(
            there.site.house.url,
            CLIENTS,
            there.site.seconds,
            lambda own: own.book(next_place()),
            pause=pace,
        )
    )
    return [
        f"every {pace:.0f} s" if pace else "one after the other",
        "on" if is_on else "off",
        *figures(found),
        str(there.questions() - asked),
        str(there.unchecked() - unchecked),
    ]


def figures(found: Measured) -> list[str]:
    """Return what clients saw."""
    codes = ", ".join(f"{n} of {code}" for code, n in sorted(found.statuses.items()))
    return [
        codes,
        f"{found.statuses[201] / found.elapsed:.1f}",
        f"{median(found.took) * 1000:.0f}",
        f"{percentile(found.took, 95) * 1000:.0f}",
    ]


def table(workers: int, latency: float) -> Table:
    """Return the empty table."""
    title = (
        f"{CLIENTS} clients, {workers} web processes, {latency * 1000:.0f} ms a call"
    )
    made = Table("Each client books", "Check", "Responses", title=title)
    for column in ("Booked a second", "p50 ms", "p95 ms", "Asked", "Not checked"):
        made.add_column(column, justify="right")
    return made


@contextmanager
def connected(workers: int, seconds: float) -> Iterator[Connected]:
    """Yield a running bank whose agents' calendars were read a moment ago."""
    with (
        scratch_folder() as folder,
        mail_sink() as sink,
        running_vendor("microsoft", folder / "microsoft") as remote,
        House(
            folder, smtp_port=sink.port, web_workers=workers, **remote.config_env()
        ) as house,
    ):
        database_url = house.start_postgres()
        answers = institution.make(database_url)
        house.start_valkey()
        deps = parts(house, database_url)
        connect(deps, remote)
        poll.poll_if_due(deps, at_once=True)
        house.start_web()
        site = Site(house, sink, answers, seconds)
        asyncio.run(warm_up(site))
        yield Connected(site, deps, remote)


def parts(house: House, database_url: str) -> Deps:
    """Return the product's parts for this process."""
    engine = make_engine(database_url)
    return Deps(
        config=house.config,
        begin=unit_of_work(engine, house.config.mail_link_key),
        now=utc_now,
        mailer=Postbox(),
        wake=lambda: None,
        providers=providers(house.config),
    )


def connect(deps: Deps, remote: Remote) -> None:
    """Connect the bank, as a sign-in would have."""
    client_id, secret, tenant = remote.get("client_id", "client_secret", "tenant")
    put(
        deps,
        {
            calendars.PRIMARY_PROVIDER.key: calendars.OUTLOOK,
            calendars.COMPUTE_AVAILABILITY.key: "on",
            fields.OUTLOOK_CLIENT_ID.key: client_id,
            fields.OUTLOOK_TENANT.key: tenant,
            fields.OUTLOOK_CLIENT_SECRET.key: seal(
                deps.config, fields.OUTLOOK_CLIENT_SECRET.key, secret
            ),
        },
    )
    connection_id, now = uuid4(), utc_now()
    grant = Grant(
        blob=remote.token_cache(),
        account=SCHEDULER,
        account_name="Scheduling",
        tenant=tenant,
        scopes=frozenset(),
        expires_at=now + HOUR,
    )
    connection = Connection(
        id=connection_id,
        provider=calendars.OUTLOOK,
        state=ConnectionState.CONNECTED,
        account=SCHEDULER,
        tenant=tenant,
        sealed_grant=granting.seal_grant(deps.config, connection_id, grant),
        connected_at=now,
    )
    with deps.unit_of_work() as work:
        work.connections.add(connection)
        outside_agents.follow_agents(work, now)


def put(deps: Deps, texts: dict[str, str]) -> None:
    """Store settings, which are obeyed by the next request."""
    with deps.unit_of_work() as work:
        for key, value in texts.items():
            work.stored_settings.put(key, value, "benchmark", utc_now())
        work.publish_roster_change()


if __name__ == "__main__":
    main()
