"""A running bank whose primary calendar is at a fake vendor."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx

from invo_booking.broker import Waker
from invo_booking.domain.access.roles import Actor, Role
from invo_booking.domain.clock import utc_now
from invo_booking.persistence.engine import make_engine
from invo_booking.persistence.unit_of_work import unit_of_work
from invo_booking.providers.registry import providers, servers
from invo_booking.run.embedded import scratch_folder
from invo_booking.settings import calendars
from invo_booking.settings import providers as fields
from invo_booking.usecases.accounts import sessions
from invo_booking.usecases.admin.settings_saving import SettingEdit, save_settings
from invo_booking.usecases.calendars import connections
from invo_booking.usecases.calendars.server_accounts import connect_server_account
from invo_booking.usecases.shared.deps import Deps
from tests.support.bank import PASSWORD, Bank, proof_of
from tests.support.callers import Form
from tests.support.exchange import Exchange
from tests.support.fakes import Postbox
from tests.support.google import Google
from tests.support.microsoft import Outlook
from tests.support.servers import House, MailSink, mail_sink

UNREAD = "SELECT count(*) FROM agent_calendar WHERE read_at IS NULL AND registered"


Connect = Callable[[Deps, Actor, str, Any], None]
"""Connects a bank, whose administrator has a session with this token, to a fake."""


@dataclass
class ConnectedBank:
    """A running bank whose primary calendar is the fake's."""

    house: House
    deps: Deps
    bank: Bank
    fake: Any
    admin: Actor
    token: str
    folder: Path
    sink: MailSink

    def book(self, start: datetime, notes: str = "") -> str:
        """Book and confirm as a customer; return the appointment's id."""
        form = Form(str(self.bank.answer_id), start)
        address = f"{self.house.url}/api/v1/appointments"
        key = {"idempotency-key": form.key}
        booked = httpx.post(address, json={**form.body, "notes": notes}, headers=key)
        secret = proof_of(self.deps, booked.json()["token"])
        confirmed = httpx.post(f"{address}/{secret}/confirm")
        assert confirmed.is_success, confirmed.text
        return booked.json()["id"]

    def read_again(self) -> None:
        """Have everything read once more, well or not, and wait until it was."""
        before = self._tried_at()
        connections.make_poll_due(self.deps, self.admin)
        self.house.await_until(lambda: self._tried_at() != before)
        self.house.await_until(lambda: not self._is_running())

    def only(self, query: str) -> Any:
        """Return the only value of a query."""
        with self.deps.unit_of_work() as work:
            return work.session.connection().exec_driver_sql(query).scalar()

    def _tried_at(self) -> datetime | None:
        return self.only("SELECT tried_at FROM connection WHERE active")

    def _is_running(self) -> bool:
        query = "SELECT leased_until > now() FROM connection WHERE active"
        return bool(self.only(query))


@contextmanager
def connected_bank(
    fake: Any, connect: Connect, *agents: str, **more: str
) -> Iterator[ConnectedBank]:
    """Yield a running bank, connected, with these agents; their calendars are read.

    Args:
        fake: The vendor it is connected to.
        connect: One of the functions below.
        agents: Names; ``Ana`` reads mail at ana@bank.example.
        more: Further configuration, by full names such as ``INVO_LOG_LEVEL``.
    """
    variables = {**fake.config_env(), **more}
    with (
        scratch_folder() as folder,
        mail_sink() as sink,
        House(folder, smtp_port=sink.port, **variables) as house,
        ExitStack() as closing,
    ):
        house.start_postgres()
        house.start_valkey()
        engine = make_engine(house.config.database_url)
        closing.callback(engine.dispose)
        deps = Deps(
            config=house.config,
            begin=unit_of_work(engine, house.config.mail_link_key),
            now=utc_now,
            mailer=Postbox(),
            wake=Waker(house.config.redis_url).send,
            providers=providers(house.config),
            servers=servers(house.config),
        )
        bank = Bank(deps, utc_now)
        for name in agents:
            bank.agent(name)
        admin = bank.agent("Grace", roles=(Role.SUPER_ADMIN,), password=PASSWORD)
        token = sessions.sign_in(deps, admin.email, PASSWORD).token
        connect(deps, admin, token, fake)
        house.start_worker()
        house.start_beat()
        house.start_web()
        running = ConnectedBank(house, deps, bank, fake, admin, token, folder, sink)
        house.await_until(lambda: running.only(UNREAD) == 0)
        yield running


def connect_group(deps: Deps, admin: Actor, token: str, outlook: Outlook) -> None:
    """Make Outlook the primary calendar, both ways, with a group as its host."""
    _save(deps, admin, _registered(outlook))
    _sign_in(deps, admin, token, outlook, calendars.OUTLOOK)
    connections.create_host_calendar(deps, admin, "Invo appointments")


def connect_own_calendar(
    deps: Deps, admin: Actor, token: str, outlook: Outlook
) -> None:
    """Make Outlook the primary calendar, both ways, with the account's as its host."""
    own = {fields.OUTLOOK_HOST.key: fields.ACCOUNT_HOST}
    _save(deps, admin, _registered(outlook) | own)
    _sign_in(deps, admin, token, outlook, calendars.OUTLOOK)


def connect_google(deps: Deps, admin: Actor, token: str, google: Google) -> None:
    """Make Google the primary calendar, with a calendar that we create as its host."""
    registered = {
        calendars.PRIMARY_PROVIDER.key: calendars.GOOGLE,
        fields.GOOGLE_CLIENT_ID.key: google.client_id,
        fields.GOOGLE_CLIENT_SECRET.key: google.client_secret,
    }
    _save(deps, admin, registered)
    _sign_in(deps, admin, token, google, calendars.GOOGLE)
    connections.create_host_calendar(deps, admin, "Invo appointments")


def connect_exchange(deps: Deps, admin: Actor, token: str, exchange: Exchange) -> None:
    """Make the account at Exchange the primary calendar."""
    del token
    account = {
        calendars.PRIMARY_PROVIDER.key: calendars.EXCHANGE,
        fields.EXCHANGE_SERVER.key: exchange.url,
        fields.EXCHANGE_USER.key: exchange.user,
        fields.EXCHANGE_PASSWORD.key: exchange.password,
    }
    _save(deps, admin, account)
    findings = connect_server_account(deps, admin)
    assert [it.sentence for it in findings if not it.ok] == []


def _registered(outlook: Outlook) -> dict[str, str]:
    return {
        calendars.PRIMARY_PROVIDER.key: calendars.OUTLOOK,
        calendars.TWO_WAY.key: "on",
        calendars.ONLINE_MEETING.key: "on",
        fields.OUTLOOK_CLIENT_ID.key: outlook.client_id,
        fields.OUTLOOK_CLIENT_SECRET.key: outlook.client_secret,
        fields.OUTLOOK_TENANT.key: outlook.tenant,
    }


def _save(deps: Deps, admin: Actor, texts: dict[str, str]) -> None:
    read = {calendars.COMPUTE_AVAILABILITY.key: "on"}
    edits = {key: SettingEdit(text=text) for key, text in (read | texts).items()}
    save_settings(deps, admin, edits)


def _sign_in(deps: Deps, admin: Actor, token: str, fake: Any, provider: str) -> None:
    address = connections.begin_connection_sign_in(deps, admin, token)
    answer = fake.approve(address)
    connections.finish_connection_sign_in(deps, admin, token, answer, provider)
