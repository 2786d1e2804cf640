"""A running bank whose primary calendar is the fake Outlook's, both ways."""

from collections.abc import Iterator
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
from invo_booking.providers.registry import providers
from invo_booking.run.embedded import scratch_folder
from invo_booking.usecases.accounts import sessions
from invo_booking.usecases.admin.settings_saving import SettingEdit, save_settings
from invo_booking.usecases.calendars import connections
from invo_booking.usecases.shared.deps import Deps
from tests.support.bank import PASSWORD, Bank, proof_of
from tests.support.callers import Form
from tests.support.fakes import Postbox
from tests.support.microsoft import Outlook, approve
from tests.support.servers import House, MailSink, mail_sink

UNREAD = "SELECT count(*) FROM agent_calendar WHERE read_at IS NULL AND registered"


@dataclass
class OutlookBank:
    """A running bank whose primary calendar is the fake's."""

    house: House
    deps: Deps
    bank: Bank
    outlook: Outlook
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
def outlook_bank(outlook: Outlook, *agents: str, **more: str) -> Iterator[OutlookBank]:
    """Yield a running bank, connected, with these agents; their calendars are read.

    Args:
        outlook: The fake it is connected to.
        agents: Names; ``Ana`` reads mail at ana@bank.example.
        more: Further configuration, by full names such as ``INVO_LOG_LEVEL``.
    """
    variables = {**outlook.config_env(), **more}
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
        )
        bank = Bank(deps, utc_now)
        for name in agents:
            bank.agent(name)
        admin = bank.agent("Grace", roles=(Role.SUPER_ADMIN,), password=PASSWORD)
        token = sessions.sign_in(deps, admin.email, PASSWORD).token
        connect(deps, admin, token, outlook)
        house.start_worker()
        house.start_beat()
        house.start_web()
        running = OutlookBank(house, deps, bank, outlook, admin, token, folder, sink)
        house.await_until(lambda: running.only(UNREAD) == 0)
        yield running


def connect(deps: Deps, admin: Actor, token: str, outlook: Outlook) -> None:
    """Make Outlook the primary calendar, both ways, with a group as its host."""
    wanted = {
        "calendars.primary_provider": "outlook",
        "calendars.outlook_client_id": outlook.client_id,
        "calendars.outlook_client_secret": outlook.client_secret,
        "calendars.outlook_tenant": outlook.tenant,
        "calendars.two_way": "on",
        "calendars.compute_availability": "on",
        "calendars.online_meeting": "on",
    }
    save_settings(
        deps, admin, {key: SettingEdit(text=text) for key, text in wanted.items()}
    )
    address = connections.begin_connection_sign_in(deps, admin, token)
    connections.finish_connection_sign_in(
        deps, admin, token, approve(address, ca_file=outlook.ca_file), "outlook"
    )
    connections.create_host_calendar(deps, admin, "Invo appointments")
