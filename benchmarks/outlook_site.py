"""A bank that is connected to a fake of Outlook 365, and what measures it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from time import perf_counter, process_time
from uuid import uuid4

from rich.console import Console

from benchmarks.institution import (
    HALF_HOUR,
    Draw,
    roster,
)
from invo_booking.config import load_config
from invo_booking.domain.calendars.connection import Connection, ConnectionState
from invo_booking.domain.calendars.outside import OWN_HOST, Grant, HostCalendar
from invo_booking.domain.clock import utc_now
from invo_booking.domain.institution import Roster
from invo_booking.mail.smtp import SmtpMailer
from invo_booking.persistence.engine import make_engine
from invo_booking.persistence.founding import store_first_roster
from invo_booking.persistence.unit_of_work import unit_of_work
from invo_booking.providers.registry import providers
from invo_booking.run.embedded import Postgres, scratch_folder
from invo_booking.run.schema import migrate_schema
from invo_booking.settings import calendars
from invo_booking.settings import providers as fields
from invo_booking.usecases.calendars import (
    granting,
    outside_agents,
)
from invo_booking.usecases.shared.deps import Deps
from invo_booking.usecases.shared.sealing import seal
from tests.support.microsoft import SCHEDULER, Outlook, running_fake

DAYS = 42
ENTRIES_A_DAY = 2
HOUR = timedelta(hours=1)
NOON = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table.

    Attributes:
        processor: Seconds of CPU time of this process, the fake included.
        most: Seconds that are promised; ``None`` if none are.
    """

    what: str
    seconds: float
    processor: float
    calls: int
    most_at_once: int
    note: str = ""
    most: float | None = None

    @property
    def missed(self) -> bool:
        """Whether it took longer than promised."""
        return self.most is not None and self.seconds > self.most


@dataclass(frozen=True, slots=True)
class Site:
    """A bank connected to the fake.

    Attributes:
        calendar: The host calendar, by its name in the fake.
    """

    deps: Deps
    outlook: Outlook
    bank: Roster
    calendar: str
    latency: float

    @property
    def mailboxes(self) -> list[str]:
        """The agents' addresses."""
        return [person.email for person in self.bank.agents]

    def connection(self) -> Connection:
        """Return the connection as it is by now."""
        with self.deps.unit_of_work() as work:
            connection = work.connections.active()
        if connection is None:
            raise LookupError("the bank is not connected")
        return connection

    def measured(
        self, what: str, action: Callable[[], str], most: float | None = None
    ) -> Figure:
        """Do something and say what it took."""
        self.outlook.calls.clear()
        self.outlook.most_at_once = 0
        self.outlook.latency = self.latency
        begin, processor = perf_counter(), process_time()
        note = action()
        took, processor = perf_counter() - begin, process_time() - processor
        self.outlook.latency = 0.0
        at_once = self.outlook.most_at_once
        Console(stderr=True).print(
            f"{what}: {took:.1f} s, {processor:.1f} s of CPU time, {note}"
        )
        return Figure(
            what, took, processor, len(self.outlook.calls), at_once, note, most
        )


@contextmanager
def site(agents: int, latency: float, *, has_own_host: bool = False) -> Iterator[Site]:
    """Yield a connected bank.

    Args:
        agents: How many agents it has.
        latency: Seconds until the fake answers a call that is measured.
        has_own_host: Whether the account's own calendar hosts, instead of a group's.
    """
    with scratch_folder() as folder, Postgres(folder) as server, running_fake() as fake:
        migrate_schema(server.url)
        fake.concurrency_limit = None
        calendar = SCHEDULER if has_own_host else fake.group()
        host_id = OWN_HOST if has_own_host else calendar
        deps, bank = _deps(server.url, fake), roster(Draw(), agents)
        _found(deps, fake, bank, host_id)
        _fill(fake, bank)
        yield Site(deps, fake, bank, calendar, latency)


def _deps(database_url: str, fake: Outlook) -> Deps:
    config = load_config(
        {
            "INVO_DATABASE_URL": database_url,
            "INVO_SECRET_KEYS": f"bench:{'7' * 64}",
            **fake.config_env(),
        }
    )
    return Deps(
        config=config,
        begin=unit_of_work(make_engine(config.database_url), config.mail_link_key),
        now=utc_now,
        mailer=SmtpMailer(config),
        wake=lambda: None,
        providers=providers(config),
    )


def _found(deps: Deps, fake: Outlook, bank: Roster, host_id: str) -> None:
    secret = fields.OUTLOOK_CLIENT_SECRET.key
    with deps.unit_of_work() as work:
        store_first_roster(work.session, bank, {})
    put_settings(
        deps,
        {
            calendars.PRIMARY_PROVIDER.key: calendars.OUTLOOK,
            calendars.COMPUTE_AVAILABILITY.key: "on",
            fields.OUTLOOK_CLIENT_ID.key: fake.client_id,
            fields.OUTLOOK_TENANT.key: fake.tenant,
            fields.OUTLOOK_HOST.key: (
                fields.ACCOUNT_HOST if host_id == OWN_HOST else fields.GROUP_HOST
            ),
            calendars.TWO_WAY.key: "on",
            secret: seal(deps.config, secret, fake.client_secret),
        },
    )
    with deps.unit_of_work() as work:
        work.connections.add(_connection(deps, fake, host_id))
        outside_agents.follow_agents(work, utc_now())


def _connection(deps: Deps, fake: Outlook, host_id: str) -> Connection:
    connection_id, now = uuid4(), utc_now()
    grant = Grant(
        blob=fake.token_cache(),
        account=SCHEDULER,
        account_name="Scheduling",
        tenant=fake.tenant,
        scopes=frozenset(),
        expires_at=now + HOUR,
    )
    return Connection(
        id=connection_id,
        provider=calendars.OUTLOOK,
        state=ConnectionState.CONNECTED,
        account=SCHEDULER,
        tenant=fake.tenant,
        host=HostCalendar(id=host_id, name="Bookings", address="bookings@bank.example"),
        sealed_grant=granting.seal_grant(deps.config, connection_id, grant),
        connected_at=now,
    )


def put_settings(deps: Deps, texts: dict[str, str]) -> None:
    """Store the texts of settings, by their keys."""
    with deps.unit_of_work() as work:
        for key, value in texts.items():
            work.stored_settings.put(key, value, "benchmark", utc_now())


def _fill(fake: Outlook, bank: Roster) -> None:
    """Give everybody some entries a day, at noon and in the evening."""
    midnight = utc_now().replace(hour=0, minute=0, second=0, microsecond=0)
    for person in bank.agents:
        for number in range(DAYS * ENTRIES_A_DAY):
            start = midnight + (number + 1) * timedelta(days=1) / ENTRIES_A_DAY
            fake.busy(person.email, start + NOON, start + NOON + HALF_HOUR)
