"""What outside calendars say is planted at the provider and looked for everywhere."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from invo_booking.broker import Waker
from invo_booking.domain.clock import utc_now
from invo_booking.domain.connection import State
from invo_booking.domain.roles import Actor, Role
from invo_booking.embedded import scratch_folder
from invo_booking.persistence.engine import make_engine
from invo_booking.persistence.unit_of_work import unit_of_work
from invo_booking.providers.registry import providers
from invo_booking.usecases import connections, sessions
from invo_booking.usecases.deps import Deps
from invo_booking.usecases.settings_saving import Change, save
from tests.privacy.haystack import everything, overheard, places_of
from tests.support.bank import PASSWORD, Bank
from tests.support.callers import Form, working_starts
from tests.support.fakes import Postbox
from tests.support.microsoft import Outlook, approve, running_fake
from tests.support.servers import House, mail_sink

HALF_HOUR = timedelta(minutes=30)
HOUR = timedelta(hours=1)
PLANTED = "quokka"
"""In everything that stands in somebody's calendar, and in no other text."""

OURS = "wombat"
"""In a customer's notes, which are kept: shows that looking finds what is there."""

SCHEDULES = "/me/calendar/getSchedule"
LISTINGS = "/groups/*/calendarView"


@dataclass
class Scene:
    """A running bank whose primary calendar is the fake's."""

    house: House
    deps: Deps
    bank: Bank
    outlook: Outlook
    admin: Actor
    token: str
    folder: Path

    def state(self) -> State:
        """Return how the connection stands."""
        return connections.panel(self.deps, self.admin).connection.state

    def read_again(self) -> None:
        """Have everything read once more, well or not, and wait until it was."""
        before = self._tried_at()
        connections.refresh_now(self.deps, self.admin)
        self.house.await_until(lambda: self._tried_at() != before)
        self.house.await_until(lambda: not self._is_running())

    def appointment_start(self) -> datetime:
        """Return when the only appointment begins."""
        return self.only("SELECT starts_at FROM appointment")

    def only(self, query: str) -> Any:
        """Return the only value of a query."""
        with self.deps.unit_of_work() as work:
            return work.session.connection().exec_driver_sql(query).scalar()

    def _tried_at(self) -> datetime | None:
        return self.only("SELECT tried_at FROM connection WHERE active")

    def _is_running(self) -> bool:
        query = "SELECT leased_until > now() FROM connection WHERE active"
        return bool(self.only(query))


@pytest.fixture
def outlook(tmp_path) -> Iterator[Outlook]:
    """Microsoft, as far as it can be had here."""
    with running_fake(tmp_path / "microsoft") as running:
        yield running


@pytest.fixture
def scene(outlook) -> Iterator[Scene]:
    """Everything runs, logs all it can, and is connected."""
    variables = {**outlook.config_env(), "INVO_LOG_LEVEL": "debug"}
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
            unit_of_work=unit_of_work(engine),
            now=utc_now,
            mailer=Postbox(),
            wake=Waker(house.config.redis_url).send,
            providers=providers(house.config),
        )
        bank = Bank(deps, utc_now)
        bank.agent("Ana")
        bank.agent("Ben")
        admin = bank.agent("Grace", roles=(Role.SUPER_ADMIN,), password=PASSWORD)
        token = sessions.sign_in(deps, admin.email, PASSWORD, address="127.0.0.1").token
        connect(deps, admin, token, outlook)
        house.start_worker()
        house.start_beat()
        house.start_web()
        yield Scene(house, deps, bank, outlook, admin, token, folder)


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
    save(deps, admin, {key: Change(text=text) for key, text in wanted.items()})
    address = connections.begin_sign_in(deps, admin, token)
    connections.finish_sign_in(
        deps, admin, token, approve(address, ca_file=outlook.ca_file)
    )
    connections.create_host(deps, admin, "Invo appointments")


def test_no_word_of_an_outside_calendar_is_stored_logged_or_said(scene):
    starts = working_starts(3)
    with overheard(scene.house.config.redis_url) as said:
        plant(scene, starts)
        scene.read_again()
        book(scene, starts[20])
        event = written(scene)
        scene.outlook.change(event, **words("event"))
        scene.outlook.move(event, starts[24], starts[24] + HALF_HOUR)
        scene.read_again()
        scene.house.await_until(lambda: scene.appointment_start() == starts[24])
        scene.outlook.move(event, starts[2], starts[2] + HALF_HOUR)  # all are busy
        scene.read_again()
        for trouble in TROUBLES:
            trouble(scene.outlook)
            scene.read_again()
            scene.outlook.behave()
        answers = asked(scene)
        hay = everything(
            scene.folder,
            scene.deps.config.database_url,
            scene.house.config.redis_url,
        )

    hay |= {"said to the broker": b"\n".join(said)}
    hay |= answers
    assert places_of(OURS, hay), "what is kept must be found"
    assert any(b"sync.tick" in words for words in said)
    assert any(path.endswith("worker.log") and hay[path] for path in hay)
    assert places_of(PLANTED, hay) == []


def plant(scene: Scene, starts: list[datetime]) -> None:
    """Fill calendars with words: agents' own, and the host's with others' events."""
    outlook = scene.outlook
    for name in ("ana", "ben"):
        outlook.busy(
            f"{name}@bank.example",
            starts[0],
            starts[4],
            subject=f"{PLANTED} private {name}",
        )
    group = outlook.groups()[0]["id"]
    foreign = words("foreign")
    outlook.foreign_event(group, starts[6], starts[8], **foreign)


def words(what: str) -> dict[str, Any]:
    """Return fields of an event, each with a planted word of its own."""
    person = {"name": f"{PLANTED} guest", "address": f"{PLANTED}@guest.example"}
    return {
        "subject": f"{PLANTED} subject {what}",
        "body": {"contentType": "text", "content": f"{PLANTED} body {what}"},
        "bodyPreview": f"{PLANTED} preview {what}",
        "location": {"displayName": f"{PLANTED} place {what}"},
        "attendees": [{"type": "required", "emailAddress": person}],
    }


def written(scene: Scene) -> str:
    """Return the id of our event, once it stands in the host calendar."""
    query = "SELECT event_id FROM host_event WHERE state = 'written'"
    scene.house.await_until(lambda: bool(scene.only(query)))
    return scene.only(query)


def book(scene: Scene, start: datetime) -> None:
    """Book and confirm as a customer, with notes that are kept."""
    form = Form(str(scene.bank.answer_id), start)
    body = {**form.body, "notes": f"{OURS} notes"}
    answer = httpx.post(
        f"{scene.house.url}/api/v1/appointments",
        json=body,
        headers={"idempotency-key": form.key},
    ).json()
    token = answer["token"]
    confirmed = httpx.post(f"{scene.house.url}/api/v1/appointments/{token}/confirm")
    assert confirmed.is_success


def _failing(path: str, **how: Any) -> Callable[[Outlook], None]:
    def order(outlook: Outlook) -> None:
        outlook.misbehave("*", path, times=None, **how)

    return order


PAGE = f"<html><h1>{PLANTED} at the proxy</h1></html>"
ERROR = f'{{"error": {{"code": "ErrorOdd", "message": "{PLANTED} was not found"}}}}'
TROUBLES = (
    _failing(SCHEDULES, status=500, body=PAGE),
    _failing(SCHEDULES, status=200, body=PAGE),
    _failing(SCHEDULES, status=400, body=ERROR),
    _failing(LISTINGS, status=404, body=ERROR),
    _failing(LISTINGS, body="truncated"),
    _failing(LISTINGS, status=403, body=ERROR),
)


def asked(scene: Scene) -> dict[str, bytes]:
    """Return what we say to those who ask, in good and in bad times."""
    addresses = (
        "/readyz",
        "/metrics",
        "/api/v1/admin/audit",
        "/api/v1/admin/calendars",
        "/api/v1/staff/appointments",
        f"/api/v1/slots?answer={scene.bank.answer_id}&language=en",
        "/outlook?state=none&error=access_denied",
    )
    cookies = {"invo_session": scene.token}
    return {
        address: httpx.get(f"{scene.house.url}{address}", cookies=cookies).content
        for address in addresses
    }
