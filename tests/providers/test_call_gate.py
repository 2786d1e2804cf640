"""Calls at the same time, counted over all processes."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from invo_booking.domain.clock import utc_now
from invo_booking.providers.call_gate import CallCounts, SharedGate
from invo_booking.providers.http import VendorClient
from invo_booking.providers.microsoft.provider import LIMITS, Microsoft
from invo_booking.run.embedded import Valkey, scratch_folder
from invo_booking.usecases.calendars.free_busy import free_busy
from tests.providers.contract import CHICAGO, Tokens
from tests.providers.test_microsoft_many import TODAY
from tests.support.microsoft import SCHEDULER

NOBODY = "redis://127.0.0.1:1/0"
MAILBOX = "outlook scheduling@bank.example"
MANY = [f"agent{number:03}@bank.example" for number in range(120)]


@pytest.fixture(scope="module")
def valkey():
    with scratch_folder() as folder, Valkey(folder) as server:
        yield server.url


def gate(url: str, name: str = MAILBOX) -> SharedGate:
    """Return the gate of one mailbox, as a process of its own has it."""
    return SharedGate(CallCounts(url), name, 4, 60)


def test_two_processes_share_the_places_of_a_mailbox(valkey):
    one, other = gate(valkey), gate(valkey)

    assert [it.acquire(timeout=60) for it in (one, one, one, other)] == [True] * 4
    assert not other.acquire(timeout=0.05)
    assert not one.acquire(timeout=0.05)

    one.release()
    assert other.acquire(timeout=60)
    for it in (one, one, other, other):
        it.release()


def test_mailboxes_have_places_of_their_own(valkey):
    one, other = gate(valkey, "one"), gate(valkey, "other")

    assert all(it.acquire(timeout=60) for it in [one, other] * 4)


def test_process_keeps_the_limit_while_redis_is_not_reached():
    alone = gate(NOBODY)

    assert [alone.acquire(timeout=60) for _ in range(4)] == [True] * 4
    assert not alone.acquire(timeout=0.05)
    alone.release()
    assert alone.acquire(timeout=60)


def test_place_of_a_process_that_died_is_free_after_its_time(valkey):
    counts = CallCounts(valkey)
    assert counts.take("died", "ticket", 1, 0.2)

    with ThreadPoolExecutor(1) as pool:
        later = pool.submit(_take_once_free, counts)
        assert later.result(60)


def _take_once_free(counts: CallCounts) -> bool:
    while not counts.take("died", "next", 1, 60):
        pass
    return True


def test_two_processes_are_never_refused_for_too_many_calls(valkey, outlook):
    tokens = Tokens(outlook)
    outlook.latency = 0.02

    def ask(_: int) -> bool:
        line = VendorClient("Microsoft", ca_file=outlook.ca_file, now=utc_now)
        counts = CallCounts(valkey)
        microsoft = Microsoft(
            line, authority=outlook.url, graph=outlook.url, counts=counts
        )
        calendar = microsoft.open(tokens, account=SCHEDULER, zone=CHICAGO)
        return len(free_busy(calendar, MANY, TODAY)) == len(MANY)

    with ThreadPoolExecutor(3) as pool:
        assert all(pool.map(ask, range(3)))

    assert outlook.concurrency_limit == LIMITS.concurrency
    assert outlook.most_at_once <= LIMITS.concurrency
    assert {call.status for call in outlook.calls} == {200}
