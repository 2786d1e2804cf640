# ruff: noqa: SLF001 - stands in for Reflex, which calls what is private to it
"""Open pages follow their session: what it is, what its person may do, when it ends."""

import asyncio
import json
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from uuid import uuid4

import psycopg
import pytest
from reflex_base.registry import RegistrationContext

from invo_booking import app
from invo_booking.domain.access.roles import Role
from invo_booking.persistence.notifications import CHANNEL, plain_database_address
from invo_booking.settings.general import SESSION_IDLE
from invo_booking.usecases.accounts import profile, sessions
from invo_booking.usecases.accounts.session_status import SessionStatus, session_status
from invo_booking.usecases.admin import people
from invo_booking.usecases.shared.deps import Deps
from invo_booking.usecases.shared.links import hash_secret
from invo_booking.web.admin.people.state import PeopleState
from invo_booking.web.bookings.drag_state import DragState
from invo_booking.web.bookings.state import BookingsState
from invo_booking.web.core import live, presence
from invo_booking.web.core.guard import ACTIVITY, POLICY, EventPolicy
from invo_booking.web.core.session import SessionState
from invo_booking.web.dashboard.state import DashboardState
from tests.support.accounts import at_address
from tests.support.bank import PASSWORD
from tests.support.fakes import Clock
from tests.web_staff.calendar_rows import events
from tests.web_staff.conftest import book, run

PEOPLE = "/people"
IDLE = SESSION_IDLE.default
assert app.app is not None  # its import registers every page and state


@dataclass
class Sockets:
    """Stands in for the web process: the sockets it holds, and what was sent there."""

    clients: dict
    sent: list = field(default_factory=list)
    closed: list = field(default_factory=list)
    is_closed: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def event_namespace(self):
        return self

    @property
    def token_to_sid(self):
        return {token: f"sid of {token}" for token in self.clients}

    async def emit_update(self, update, token):
        self.sent.append((token, update))

    async def disconnect(self, sid):
        self.closed.append(sid)
        self.is_closed.set()

    @asynccontextmanager
    async def modify_state(self, token):
        root = self.clients[token.ident].root
        root._clean()
        yield root
        self.sent.append((token.ident, await root._get_resolved_delta()))

    def ways(self, client) -> list[str]:
        return [
            event.payload["path"]
            for token, update in self.sent
            if token == client.token and not isinstance(update, dict)
            for event in update.events
        ]


@dataclass
class Ending:
    """What is needed to end the session of Ana."""

    product: Deps
    clock: Clock
    token: str


@pytest.fixture
def held():
    presence._seats.clear()
    live._watching.clear()

    def by_a_process(*clients) -> Sockets:
        return Sockets({client.token: client for client in clients})

    yield by_a_process
    presence._seats.clear()
    live._watching.clear()


def seen_at(product, client):
    with product.unit_of_work() as work:
        token = client.cookie.partition("=")[2]
        return work.sessions.find(hash_secret(token)).seen_at


def test_a_connection_that_comes_back_gets_nothing_read_for_more_rights(
    product, bank, sign_in
):
    admin = bank.agent("Ada", roles=(Role.ADMINISTRATOR,), password=PASSWORD)
    bank.agent("Zoe")
    client = sign_in(admin)
    run(client.send(PeopleState, "open_page", at=PEOPLE))
    assert "Zoe" in str(run(client.see(PeopleState))[0].rows)

    people.set_person_roles(product, "ada@bank.example", [Role.AGENT])
    run(client.connect(at=PEOPLE))

    assert run(client.see(PeopleState))[0].rows == []
    assert run(client.see(SessionState))[0].administers is False


def test_a_connection_that_comes_back_with_the_same_rights_keeps_its_page(
    product, bank, sign_in
):
    client = sign_in(bank.agent("Ana", password=PASSWORD))
    run(client.send(DashboardState, "open_page"))

    people.set_person_roles(product, "ana@bank.example", [Role.AGENT])
    run(client.connect())

    assert run(client.see(SessionState))[0].person == "Ana"


def sign_out(it):
    sessions.sign_out(it.product, it.token)


def disable(it):
    people.disable_person(it.product, "ana@bank.example")


def give_another_password(it):
    people.reset_password(it.product, "ana@bank.example", "another good password")


def sign_out_from_another_browser(it):
    elsewhere = at_address(it.product, "192.0.2.1")
    other = sessions.sign_in(elsewhere, "ana@bank.example", PASSWORD)
    profile.sign_out_others(it.product, other.actor, hash_secret(other.token))


def leave_it_alone(it):
    it.clock.advance(timedelta(minutes=2))


@pytest.mark.parametrize(
    "end",
    [
        sign_out,
        disable,
        give_another_password,
        sign_out_from_another_browser,
        leave_it_alone,
    ],
)
def test_open_pages_of_an_ended_session_are_emptied_led_to_sign_in_and_closed(
    product, bank, clock, sign_in, held, end
):
    ana = bank.agent("Ana", password=PASSWORD)
    book(product, bank, bank.manager(), clock() + timedelta(hours=3), ana)
    mine, ben = sign_in(ana), sign_in(bank.agent("Ben", password=PASSWORD))
    for client in (mine, ben):
        run(client.send(BookingsState, "open_page"))
    process = held(mine, ben)
    clock.advance(IDLE - timedelta(minutes=1))
    run(ben.send(DragState, "undo_drag"))

    end(Ending(product, clock, mine.cookie.partition("=")[2]))
    run(presence.check_page_clients(process))

    assert events(run(mine.see(BookingsState))[0]) == []
    assert run(mine.see(SessionState))[0].person == ""
    (way,) = process.ways(mine)
    assert way.startswith("/sign-in?error=ended&next=%2Fbookings")
    assert process.closed == [f"sid of {mine.token}"]
    assert process.ways(ben) == []
    assert run(ben.see(SessionState))[0].person == "Ben"


def test_a_demoted_person_is_led_from_the_emptied_page_to_the_dashboard(
    product, bank, sign_in, held
):
    admin = bank.agent("Ada", roles=(Role.ADMINISTRATOR,), password=PASSWORD)
    client = sign_in(admin)
    run(client.send(PeopleState, "open_page", at=PEOPLE))
    process = held(client)

    people.set_person_roles(product, "ada@bank.example", [Role.AGENT])
    run(presence.check_page_clients(process))

    assert run(client.see(PeopleState))[0].rows == []
    assert process.ways(client) == ["/dashboard"]
    assert process.closed == []
    run(presence.check_page_clients(process))
    assert process.ways(client) == ["/dashboard"], "told once"


def test_other_rights_load_a_page_again_that_everybody_may_see(
    product, bank, sign_in, held
):
    client = sign_in(bank.agent("Ana", password=PASSWORD))
    run(client.send(BookingsState, "open_page"))
    process = held(client)

    people.set_person_roles(product, "ana@bank.example", [Role.MANAGER])
    run(client.send(SessionState, "greet_person"))  # a press before the news arrives
    run(presence.check_page_clients(process))

    (way,) = process.ways(client)
    assert way.startswith("/bookings?scope=team")


def test_the_process_itself_finds_the_session_that_was_idle_for_too_long(
    bank, clock, sign_in, held, monkeypatch
):
    client = sign_in(bank.agent("Ana", password=PASSWORD))
    run(client.send(BookingsState, "open_page"))
    process = held(client)
    monkeypatch.setattr(presence, "LOOK_SECONDS", 0.01)

    async def watch_until_closed() -> None:
        process.is_closed = asyncio.Event()
        watching = asyncio.create_task(presence.watch_page_sessions(process))
        await asyncio.wait_for(process.is_closed.wait(), 60)
        watching.cancel()

    clock.advance(IDLE - timedelta(minutes=1))
    run(client.send(DragState, "undo_drag"))
    clock.advance(timedelta(minutes=2))
    run(presence.check_page_clients(process, list(presence._seats)))
    assert process.closed == [], "a press began the idle time anew"
    clock.advance(IDLE)
    run(watch_until_closed())

    assert run(client.see(BookingsState))[0].lanes == []


def test_looking_does_not_keep_a_session_open(product, bank, clock, sign_in, held):
    client = sign_in(bank.agent("Ana", password=PASSWORD))
    run(client.send(DashboardState, "open_page"))
    process, began = held(client), seen_at(product, client)
    clock.advance(timedelta(minutes=30))

    run(client.connect())
    run(client.send(DashboardState, "open_page"))
    run(client.send(DashboardState, "refresh_page"))
    run(live.refresh_clients(process))
    session_status(product, hash_secret(client.cookie.partition("=")[2]))
    assert seen_at(product, client) == began

    run(client.send(DashboardState, "dismiss_notices"))
    assert seen_at(product, client) == clock()


def test_the_idle_time_passes_while_colleagues_work(
    product, bank, clock, sign_in, held
):
    ana = bank.agent("Ana", password=PASSWORD)
    client, max_ = sign_in(ana), bank.manager()
    run(client.send(DashboardState, "open_page"))
    process = held(client)
    for number in range(5):
        customer = f"rosa{number}@example.com"
        book(product, bank, max_, clock() + timedelta(hours=2), email=customer)
        run(live.refresh_clients(process))
        clock.advance(timedelta(minutes=15))

    run(presence.check_page_clients(process))

    assert process.closed == [f"sid of {client.token}"]


def declared() -> dict[str, object]:
    known = RegistrationContext.ensure_context().event_handlers
    return {name: entry.handler for name, entry in known.items()}


def several(one_or_more) -> list:
    if one_or_more is None:
        return []
    return one_or_more if isinstance(one_or_more, list) else [one_or_more]


def test_no_page_keeps_a_session_open_by_loading():
    pages = RegistrationContext.ensure_context().decorated_pages
    events = [event for _, page in pages for event in several(page.get("on_load"))]
    loaders = [
        handler
        for handler in (getattr(event, "handler", event) for event in events)
        if getattr(handler.fn, POLICY, None) is not EventPolicy.PUBLIC
    ]

    assert len(loaders) > 10
    assert [it.fn.__qualname__ for it in loaders if getattr(it.fn, ACTIVITY)] == []


def test_only_what_a_page_sends_by_itself_is_no_activity():
    by_itself = {
        "open_branch",
        "open_page",
        "open_from_address",
        "greet_person",
        "refresh_page",
        "dismiss_failure",
        "end_undo",
        "send_all",
    }

    quiet = {
        name.rpartition(".")[2]
        for name, handler in declared().items()
        if getattr(handler.fn, ACTIVITY, True) is False
    }

    assert quiet == by_itself


def test_the_end_of_a_session_is_told_to_every_process(product, bank, database_url):
    bank.agent("Ana", password=PASSWORD)
    token = sessions.sign_in(product, "ana@bank.example", PASSWORD).token
    with psycopg.connect(plain_database_address(database_url), autocommit=True) as ear:
        ear.execute(f"LISTEN {CHANNEL}")
        sessions.sign_out(product, token)
        (heard,) = ear.notifies(stop_after=1, timeout=60)

    assert json.loads(heard.payload) == {"sessions": True}


def test_bond_of_a_page_changes_with_each_right_of_its_person(ana, clock):
    def bond(**rights):
        status = SessionStatus(actor=replace(ana, **rights), over_at=clock())
        return presence.page_session_bond("key", status)

    here, there = uuid4(), uuid4()
    bonds = [
        bond(),
        bond(branches=frozenset({here, there})),
        bond(branches=frozenset({here})),
        bond(queues=frozenset()),
        bond(languages=frozenset({"pl"})),
        bond(roles=frozenset()),
    ]
    assert len(set(bonds)) == len(bonds)
    assert bond() == bond()
