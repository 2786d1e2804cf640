"""A request that was stored by a process that died before it stored the page."""

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import psycopg
import pytest
from playwright.sync_api import Page
from redis import Redis

from tests.e2e.pages.bank import somebody
from tests.e2e.pages.public import SchedulePage
from tests.e2e.pages.status import StatusPage
from tests.e2e.product import House
from tests.e2e.test_two_machines import (
    TOPIC,
    kept_machines,
    kept_proxy,
    machine,
    outside,
    proxy,
)
from tests.support.servers import until

pytestmark = pytest.mark.browser

__all__ = ["kept_machines", "kept_proxy", "machine", "outside", "proxy"]

PAUSE = 60_000
"""Milliseconds after which Redis would answer again by itself."""

LONGEST_RETURN = 90_000
"""Milliseconds in which the page is back, and has asked, on a busy machine."""

WAITING = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
BOOKED = "SELECT count(*) FROM appointment"


def address_of(house: House, server: str) -> str:
    """Return where the house's database or Redis server is."""
    assert house.folder is not None
    known = json.loads((house.folder / "running.json").read_text(encoding="utf-8"))
    return known[server]


@contextmanager
def silent_redis(house: House) -> Iterator[None]:
    """Let Redis answer nobody."""
    with Redis.from_url(address_of(house, "INVO_REDIS_URL")) as server:
        server.client_pause(PAUSE)
        yield
        server.client_unpause()


@pytest.fixture
def database(house: House) -> Iterator[psycopg.Connection]:
    address = address_of(house, "INVO_DATABASE_URL").replace("+psycopg", "")
    with psycopg.connect(address, autocommit=True) as connection:
        yield connection


def number(database: psycopg.Connection, query: str) -> int:
    (row,) = database.execute(query).fetchall()
    return row[0]


def test_customer_finds_the_request_that_a_killed_machine_stored(
    house, proxy, machine, outside, bank, database
):
    """The machine dies after the commit, while it waits for Redis."""
    name, email = somebody()
    proxy.ports = [machine.port]
    page: Page = outside().new_page()
    schedule = SchedulePage(page, house.url).open()
    schedule.choose_topic(TOPIC)
    schedule.pick_first_slot()
    schedule.leave_contact(name=name, email=email)
    before = number(database, BOOKED)
    locked = ExitStack()
    locked.enter_context(database.transaction())
    database.execute("LOCK TABLE appointment IN EXCLUSIVE MODE")

    schedule.press_request()
    until(lambda: number(database, WAITING) > 0)
    with silent_redis(house):
        locked.close()
        until(lambda: number(database, BOOKED) > before)
        machine.kill()
    proxy.ports = [int(house.url.rpartition(":")[2])]

    page.wait_for_url("**/a/*", timeout=LONGEST_RETURN)
    StatusPage(page).wait_for_state("Not confirmed yet")
    assert number(database, BOOKED) == before + 1
    assert bank.mails_to(email) == 1
