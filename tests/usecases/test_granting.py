"""Grants: renewed by one at a time, sealed for one connection, never in the clear."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from itertools import count
from uuid import uuid4

import pytest

from invo_booking.config import load_config
from invo_booking.domain.access.roles import Role
from invo_booking.domain.calendars.connection import Connection, ConnectionState
from invo_booking.domain.calendars.outside import Grant, HostCalendar
from invo_booking.domain.calendars.provider_errors import ReconnectError
from invo_booking.settings import providers
from invo_booking.usecases.calendars import granting, states
from invo_booking.usecases.shared.sealing import seal
from invo_booking.usecases.upkeep.keys import rotate_keys
from tests.support.connecting import stored

HOUR = timedelta(hours=1)
CANARY = "canary-refresh-token"
SECRET_KEY = providers.OUTLOOK_CLIENT_SECRET.key


class OneTime:
    """A vendor whose refresh tokens work once, as some do: renewing twice loses."""

    def __init__(self, clock) -> None:
        self.clock = clock
        self.numbers = count(1)
        self.good = f"{CANARY}-0"
        self.renewals = 0
        self.inside = threading.Semaphore(1)
        self.host_is_new = None

    def first(self):
        return self._grant(self.good)

    def open(self, token, host_id="", *, account, zone, host_is_new):
        del host_id, account, zone
        self.host_is_new = host_is_new
        return token

    def access_token(self, grant):
        return f"access by {grant.blob}"

    def renew(self, by, grant, now):
        del by, now
        assert self.inside.acquire(blocking=False), "two renew at once"
        try:
            if grant.blob != self.good:
                raise ReconnectError("The refresh token was used before.")
            self.good = f"{CANARY}-{next(self.numbers)}"
            self.renewals += 1
            return replace(self._grant(self.good), scopes=grant.scopes)
        finally:
            self.inside.release()

    def _grant(self, blob):
        return Grant(
            blob=blob,
            account="scheduling@bank.example",
            account_name="",
            tenant="t",
            scopes=frozenset({"Calendars.ReadBasic"}),
            expires_at=self.clock.now + HOUR,
        )


@pytest.fixture
def vendor(clock):
    return OneTime(clock)


@pytest.fixture
def deps(deps, vendor):
    return replace(deps, providers={"outlook": vendor})


@pytest.fixture
def connection(deps, bank, vendor, clock):
    bank.set(providers.OUTLOOK_CLIENT_ID, str(uuid4()))
    bank.set(providers.OUTLOOK_TENANT, "bank.example")
    bank.set(
        providers.OUTLOOK_CLIENT_SECRET, seal(deps.config, SECRET_KEY, "the secret")
    )
    connection_id = uuid4()
    connection = Connection(
        id=connection_id,
        provider="outlook",
        state=ConnectionState.CONNECTED,
        account="scheduling@bank.example",
        tenant="t",
        scopes=frozenset({"Calendars.ReadBasic"}),
        sealed_grant=granting.seal_grant(deps.config, connection_id, vendor.first()),
        connected_at=clock.now,
    )
    with deps.unit_of_work() as work:
        work.connections.add(connection)
    return connection


def another_process(deps):
    """Return the token getter of a process that remembers nothing."""
    granting._kept.tokens.clear()  # noqa: SLF001  (what a new process begins with)
    return granting.calendar_of_connection(deps, stored(deps))


def test_provider_is_told_whether_the_host_calendar_may_not_be_ready(
    deps, vendor, connection, clock
):
    chosen = HostCalendar(
        id="1", name="Bookings", address="host@bank.example", chosen_at=clock.now
    )
    told = []
    for host in (None, chosen, replace(chosen, chosen_at=clock.now - HOUR)):
        granting.calendar_of_connection(deps, replace(connection, host=host))
        told.append(vendor.host_is_new)

    assert told == [False, True, False]


def test_token_is_read_once_and_kept_until_shortly_before_its_end(
    deps, vendor, connection, clock
):
    token = granting.calendar_of_connection(deps, connection)

    assert [token(False), token(False)] == [f"access by {CANARY}-0"] * 2
    clock.advance(HOUR - timedelta(minutes=4))

    assert token(False) == f"access by {CANARY}-1"
    assert (vendor.renewals, stored(deps).grant_version) == (1, 1)


def test_many_who_need_a_new_token_at_once_renew_it_once(
    deps, vendor, connection, clock
):
    clock.advance(HOUR)
    token = granting.calendar_of_connection(deps, connection)

    with ThreadPoolExecutor(8) as pool:
        told = set(pool.map(lambda _: token(False), range(8)))

    assert (told, vendor.renewals) == ({f"access by {CANARY}-1"}, 1)


def test_processes_that_share_nothing_but_the_row_renew_it_once(
    deps, vendor, connection, clock
):
    assert connection
    clock.advance(HOUR)
    getters = [granting._TokenSource(deps, stored(deps)) for _ in range(6)]  # noqa: SLF001

    with ThreadPoolExecutor(6) as pool:
        told = set(pool.map(lambda it: it._stored_or_new_token(0).text, getters))  # noqa: SLF001

    assert (told, vendor.renewals) == ({f"access by {CANARY}-1"}, 1)


def test_without_the_row_lock_a_refresh_token_is_used_twice(
    deps, vendor, connection, clock
):
    """Negative control of the two above."""
    clock.advance(HOUR)
    seen = [granting.open_grant(deps.config, connection) for _ in range(2)]
    vendor.renew(None, seen[0], clock.now)

    with pytest.raises(ReconnectError):
        vendor.renew(None, seen[1], clock.now)


def test_token_that_was_refused_is_renewed_once_for_all_who_had_it(
    deps, vendor, connection
):
    token = granting.calendar_of_connection(deps, connection)
    all_have_it, all_were_refused = threading.Barrier(4), threading.Barrier(4)

    def call():
        token(False)
        all_have_it.wait()
        all_were_refused.wait()
        return token(True)

    with ThreadPoolExecutor(4) as pool:
        told = {it.result() for it in [pool.submit(call) for _ in range(4)]}

    assert (told, vendor.renewals) == ({f"access by {CANARY}-1"}, 1)


def test_token_another_process_renewed_is_taken_over(deps, vendor, connection):
    token = granting.calendar_of_connection(deps, connection)
    token(False)
    another_process(deps)(False)
    other = granting._TokenSource(deps, stored(deps))  # noqa: SLF001
    other._handed.version = 0  # noqa: SLF001
    other(True)

    assert token(True) == f"access by {CANARY}-1"
    assert vendor.renewals == 1


def test_tokens_are_nowhere_in_the_clear(deps, connection):
    token = granting.calendar_of_connection(deps, connection)
    token(False)

    with deps.unit_of_work() as work:
        rows = work.session.connection().exec_driver_sql("SELECT * FROM connection")
        assert CANARY not in str(rows.all())
    for thing in (granting.open_grant(deps.config, connection), token, granting._kept):  # noqa: SLF001
        assert CANARY not in repr(thing)
    assert CANARY not in repr(granting._kept.tokens)  # noqa: SLF001


def broken(deps, connection, sealed_grant):
    with deps.unit_of_work() as work:
        work.connections.keep_grant(connection.id, sealed_grant)
    return another_process(deps)


def test_grant_with_one_bit_flipped_asks_for_a_new_sign_in(deps, connection):
    """RELIABILITY 102."""
    text = connection.sealed_grant
    flipped = text[:-9] + ("A" if text[-9] != "A" else "B") + text[-8:]

    with pytest.raises(ReconnectError, match=r"cannot be opened.*Sign in again"):
        broken(deps, connection, flipped)(False)


def test_grant_of_another_connection_does_not_open(deps, vendor, connection):
    """RELIABILITY 102."""
    others = granting.seal_grant(deps.config, uuid4(), vendor.first())

    with pytest.raises(ReconnectError, match="cannot be opened"):
        broken(deps, connection, others)(False)


def with_keys(deps, keys):
    config = load_config(
        {"INVO_DATA_DIR": str(deps.config.data_dir), "INVO_SECRET_KEYS": keys}
    )
    return replace(deps, config=config)


OLD, NEW = "test:" + "5e" * 32, "new:" + "a1" * 32


def test_grant_is_opened_by_its_old_key_until_it_is_sealed_anew(deps, connection):
    """RELIABILITY 102."""
    assert connection
    both, new = with_keys(deps, f"{NEW},{OLD}"), with_keys(deps, NEW)
    assert another_process(both)(False)
    with pytest.raises(ReconnectError, match="not in INVO_SECRET_KEYS"):
        another_process(new)(False)

    rotation = rotate_keys(both)

    assert "Sign-in of scheduling@bank.example at Outlook 365" in rotation.resealed
    assert another_process(new)(False) == f"access by {CANARY}-0"
    assert rotate_keys(both).resealed == ()


def test_grant_whose_key_went_too_early_is_named_and_kept(deps, connection):
    new = with_keys(deps, NEW)

    rotation = rotate_keys(new)

    assert "Sign-in of scheduling@bank.example at Outlook 365" in rotation.lost
    assert stored(deps).sealed_grant == connection.sealed_grant


def test_broken_seal_turns_the_connection_off_with_a_sentence(deps, bank, connection):
    """RELIABILITY 102: a clear error, and no crash loop."""
    bank.agent("Grace", roles=(Role.ADMINISTRATOR,))
    with pytest.raises(ReconnectError) as caught:
        broken(deps, connection, connection.sealed_grant[:-12] + "AAAAAAAAAAAA")(False)
    with deps.unit_of_work() as work:
        states.record_connection_failure(deps, work, connection.id, caught.value)

    now = stored(deps)
    assert now.state is ConnectionState.RECONNECT
    assert "was changed outside the product" in now.problem
    assert now.next_run_at == deps.now() + timedelta(minutes=15)


def test_client_secret_that_cannot_be_opened_is_named(deps, bank, connection, clock):
    assert connection
    bank.set(providers.OUTLOOK_CLIENT_SECRET, seal(deps.config, "another", "x"))
    clock.advance(HOUR)

    with pytest.raises(ReconnectError, match="Enter it again"):
        another_process(deps)(False)
