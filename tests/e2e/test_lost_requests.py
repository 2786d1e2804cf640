"""A request that was stored by a process that died before it stored the page."""

import json
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import LiteralString

import psycopg
import pytest
from playwright.sync_api import Page

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

LONGEST_RETURN = 90_000
"""Milliseconds in which the page is back, and has asked, on a busy machine."""

WAITING = """
SELECT count(*) FROM pg_stat_activity JOIN pg_locks USING (pid)
WHERE wait_event = 'SyncRep' AND relation = 'appointment'::regclass
AND mode = 'RowExclusiveLock'
"""
"""Transactions that have changed appointments and wait for their commit's answer."""

BOOKED = "SELECT count(*) FROM appointment"


@contextmanager
def commits_without_answer(house: House) -> Iterator[None]:
    """Let each commit be stored but not answered, as if a standby were out of reach."""
    assert house.folder is not None
    cluster = house.folder / "postgres"
    settings = cluster / "postgresql.auto.conf"
    usual = settings.read_text(encoding="utf-8")
    configure(cluster, usual + "synchronous_standby_names = 'nobody'\n")
    try:
        yield
    finally:
        configure(cluster, usual)


def configure(cluster: Path, settings: str) -> None:
    """Replace what was set in a running cluster."""
    (cluster / "postgresql.auto.conf").write_text(settings, encoding="utf-8")
    server = (cluster / "postmaster.pid").read_text(encoding="utf-8").split()[0]
    os.kill(int(server), signal.SIGHUP)


@pytest.fixture
def database(house: House) -> Iterator[psycopg.Connection]:
    assert house.folder is not None
    known = json.loads((house.folder / "running.json").read_text(encoding="utf-8"))
    address = known["INVO_DATABASE_URL"].replace("+psycopg", "")
    with psycopg.connect(address, autocommit=True) as connection:
        yield connection


def number(database: psycopg.Connection, query: LiteralString) -> int:
    (row,) = database.execute(query).fetchall()
    return row[0]


def test_customer_finds_the_request_that_a_killed_machine_stored(
    house, proxy, machine, outside, bank, database
):
    """The machine dies while it waits for the answer to its commit."""
    name, email = somebody()
    proxy.ports = [machine.port]
    page: Page = outside().new_page()
    schedule = SchedulePage(page, house.url).open()
    schedule.choose_topic(TOPIC)
    schedule.pick_first_slot()
    schedule.leave_contact(name=name, email=email)
    before = number(database, BOOKED)

    with commits_without_answer(house):
        schedule.press_request()
        until(lambda: number(database, WAITING) > 0)
        machine.kill()
    proxy.ports = [int(house.url.rpartition(":")[2])]

    page.wait_for_url("**/a/*", timeout=LONGEST_RETURN)
    StatusPage(page).wait_for_state("Not confirmed yet")
    assert number(database, BOOKED) == before + 1
    assert bank.mails_to(email) == 1


def test_page_of_a_request_opens_while_no_more_of_it_can_be_loaded(visitor, house):
    """The machine dies after the press was answered."""
    name, email = somebody()
    page: Page = visitor()
    with page.expect_response("**/assets/_a_.__token_.*.js"):
        schedule = SchedulePage(page, house.url).open()
        schedule.choose_topic(TOPIC)
        schedule.pick_first_slot()
        schedule.leave_contact(name=name, email=email)
    page.wait_for_load_state("networkidle")
    page.route("**/assets/**", lambda route: route.abort())
    page.route(house.url + "/a/**", lambda route: route.abort())

    schedule.press_request()

    StatusPage(page).wait_for_state("Not confirmed yet")
