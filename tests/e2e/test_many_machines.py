"""Two web machines and two workers behind the nginx that ``deploy/`` ships.

``INVO_TEST_SOCKETS`` and ``INVO_TEST_PAGES`` change how many pages are loaded.
"""

import asyncio
import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from statistics import median
from typing import Any

import httpx
import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, BrowserType, Page, expect

from tests.e2e.bare_sockets import BareSocket, bare_socket
from tests.e2e.load import Load
from tests.e2e.machines import (
    WebMachine,
    empty_redis,
    running_machine,
    running_worker,
)
from tests.e2e.pages.bank import Bank, somebody
from tests.e2e.pages.staff import PASSWORD
from tests.e2e.product import House
from tests.support.busy import with_slack
from tests.support.nginx import plain_values, running_nginx
from tests.support.servers import free_port

pytestmark = pytest.mark.browser

MANAGER = "tom@harbor.example"
ADMINISTRATOR = "grace@harbor.example"
TOPIC = "Mortgage advice"
SOCKETS = int(os.environ.get("INVO_TEST_SOCKETS", "1000"))
PAGES = int(os.environ.get("INVO_TEST_PAGES", "40"))
AT_ONCE = 24
CHANGES = 5
BOOKINGS, APART = 16, 6
"""How many bookings are made while something happens, each so many starts apart, so
that none takes the place of another."""

LIVE_AGAIN = 5
"""Seconds in which the pages of a killed machine are live again."""


@dataclass
class Cluster:
    """The machines and their proxy.

    Attributes:
        port: Where the proxy listens.
        machines: Both web machines, each with the place it runs in.
    """

    house: House
    port: int
    machines: list[WebMachine]
    starts: list[Callable[[], WebMachine]]

    def replace(self, number: int) -> None:
        """Start a machine again where one has ended, as an upgrade does."""
        self.machines[number] = self.starts[number]()

    @property
    def host(self) -> str:
        """Host and port in the address of the pages."""
        return self.house.url.rpartition("/")[2]

    def load(self, bank: Bank) -> Load:
        """Return people who use the product through the proxy."""
        starts = bank.open_starts(TOPIC)[-BOOKINGS * APART :: APART]
        url = f"http://127.0.0.1:{self.port}"
        return Load(url, self.host, bank.topic(TOPIC), starts)


@pytest.fixture(scope="module")
def cluster(
    house: House, tmp_path_factory, browser_type: BrowserType
) -> Iterator[Cluster]:
    """Two web machines, the proxy, and a second worker and beat beside the house's.

    What depends on a browser runs together, so that they are started once.
    """
    del browser_type
    port, ports = free_port(), [free_port(), free_port()]
    proxy = tmp_path_factory.mktemp("proxy")
    (proxy / "tls.conf").touch()
    with ExitStack() as stack:

        def starter(number: int) -> Callable[[], WebMachine]:
            def start() -> WebMachine:
                folder = tmp_path_factory.mktemp("machine")
                it = running_machine(house, folder, port=ports[number], limits=True)
                return stack.enter_context(it)

            return start

        starts = [starter(0), starter(1)]
        for options in ([], ["--beat"]):
            folder = tmp_path_factory.mktemp("worker")
            stack.enter_context(running_worker(house, folder, *options))
        values = plain_values(port, ports, proxy / "tls.conf")
        stack.enter_context(running_nginx(proxy, values, port))
        yield Cluster(house, port, [start() for start in starts], starts)


@pytest.fixture(scope="module")
def browsing(
    cluster: Cluster,
    browser_type: BrowserType,
    browser_type_launch_args: dict[str, Any],
) -> Iterator[BrowserContext]:
    """A manager's browser whose connections go to the proxy."""
    way = f"MAP {cluster.host} 127.0.0.1:{cluster.port}"
    args = [*browser_type_launch_args["args"], f"--host-resolver-rules={way}"]
    browser = browser_type.launch(**{**browser_type_launch_args, "args": args})
    url = cluster.house.url
    context = browser.new_context(base_url=url, timezone_id="America/Chicago")
    form = {"email": MANAGER, "password": PASSWORD}
    context.request.post("/session/sign-in", form=form, headers={"Origin": url})
    yield context
    browser.close()


@pytest.fixture(scope="module")
def session_of(cluster: Cluster) -> Callable[[str], str]:
    """Sign somebody in; returns the cookie."""

    def sign_in(email: str) -> str:
        url = f"http://127.0.0.1:{cluster.port}/session/sign-in"
        headers = {"Origin": cluster.house.url, "Host": cluster.host}
        form = {"email": email, "password": PASSWORD}
        answer = httpx.post(url, data=form, headers=headers)
        return "; ".join(f"{name}={value}" for name, value in answer.cookies.items())

    return sign_in


def in_a_thread(make: Callable[[], Any]) -> Any:
    """Run a coroutine beside Playwright, whose loop runs in this thread."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(make())).result()


def open_board(context: BrowserContext, day: datetime) -> Page:
    """Open a day of the team."""
    page = context.new_page()
    page.goto(f"/bookings?scope=team&view=day&date={day:%Y-%m-%d}")
    expect(page.get_by_role("heading", level=1)).not_to_be_empty()
    return page


def a_picture() -> tuple[str, bytes, str]:
    """Return a small picture to upload."""
    written = BytesIO()
    Image.new("RGB", (64, 32), "navy").save(written, "PNG")
    return "logo.png", written.getvalue(), "image/png"


def check_and_cancel(bank: Bank, load: Load) -> None:
    """Require that each booking that was answered is there, and once only."""
    found = [bank.look(token) for token in load.booked]
    assert len(load.booked) == BOOKINGS, load.refusals
    assert {it["status"] for it in found} == {"requested"}
    assert len({it["starts_at"] for it in found}) == BOOKINGS
    for token in load.booked:
        bank.cancel(token)


def test_each_of_a_thousand_sockets_fills_its_page(cluster):
    gate = asyncio.Semaphore(AT_ONCE)
    filled: list[str] = []

    async def load_one(number: int) -> None:
        address = f"127.0.{1 + number % 40}.1"  # an address may hold so many
        async with (
            gate,
            bare_socket(cluster.house, cluster.port, address=address) as page,
        ):
            filled.append(page.token)

    async def load_all() -> None:
        await asyncio.gather(*map(load_one, range(SOCKETS)))

    in_a_thread(load_all)

    assert len(set(filled)) == SOCKETS


def test_each_of_forty_pages_is_filled_in_a_browser(cluster, browsing):
    del cluster
    paths = ("/bookings?scope=team&view=day", "/dashboard", "/schedule", "/")
    pages = [browsing.new_page() for _ in range(4)]

    for number in range(PAGES):
        page = pages[number % len(pages)]
        page.goto(paths[number % len(paths)])
        expect(page.get_by_role("heading", level=1)).not_to_be_empty()
        expect(page.locator("html")).not_to_have_attribute("data-line", "lost")

    for page in pages:
        page.close()


def test_changes_are_seen_within_a_second_at_both_machines(cluster, bank, session_of):
    start, session = bank.open_starts(TOPIC)[-1], session_of(MANAGER)
    path = f"/bookings?scope=team&view=day&date={start:%Y-%m-%d}"
    ports = [machine.port for machine in cluster.machines]

    def ask(name: str, email: str) -> str:
        return bank.request(TOPIC, start, name=name, email=email)

    async def moment_seen(page: BareSocket, name: str) -> float:
        while name not in str(await asyncio.wait_for(page.updates.get(), 30)):
            pass
        return time.monotonic()

    async def book_and_look() -> list[list[float]]:
        async with (
            bare_socket(cluster.house, ports[0], path=path, cookie=session) as one,
            bare_socket(cluster.house, ports[1], path=path, cookie=session) as other,
        ):
            delays = []
            for _ in range(CHANGES):
                name, email = somebody()
                looks = [
                    asyncio.create_task(moment_seen(page, name))
                    for page in (one, other)
                ]
                token = await asyncio.to_thread(ask, name, email)
                answered = time.monotonic()
                delays.append([await look - answered for look in looks])
                await asyncio.to_thread(bank.cancel, token)
            return delays

    delays = in_a_thread(book_and_look)

    assert median(max(pair) for pair in delays) < with_slack(1), delays


def test_upgrade_of_a_machine_under_load_loses_nothing(cluster, bank):
    load = cluster.load(bank)

    with load.running():
        seconds = cluster.machines[1].end()
        cluster.replace(1)
        load.wait_for(20)

    assert load.failures() == {}
    assert seconds < with_slack(10)
    check_and_cancel(bank, load)


def test_pages_of_a_machine_killed_under_load_are_live_again_within_five_seconds(
    cluster, bank, browsing
):
    load = cluster.load(bank)
    start = bank.calm_start(TOPIC)
    pages = [open_board(browsing, start) for _ in range(4)]

    with load.running():
        cluster.machines[1].kill()
        killed = time.monotonic()
        name, email = somebody()
        token = bank.request(TOPIC, start, name=name, email=email)
        for page in pages:
            left = (with_slack(LIVE_AGAIN) - (time.monotonic() - killed)) * 1_000
            there = page.get_by_text(name).first
            expect(there).to_be_attached(timeout=max(left, 1))
        load.wait_for(20)

    cluster.replace(1)
    bank.cancel(token)
    check_and_cancel(bank, load)


def test_pages_and_bookings_go_on_when_redis_is_emptied(cluster, bank, browsing):
    start = bank.open_starts(TOPIC)[-1]
    page = open_board(browsing, start)

    empty_redis(cluster.house)
    name, email = somebody()
    token = bank.request(TOPIC, start, name=name, email=email)
    page.reload()

    expect(page.get_by_text(name).first).to_be_attached()
    bank.confirm(token)  # a worker has sent the mail
    bank.cancel(token)


def test_requests_of_an_address_count_at_both_machines_together(cluster):
    """Each machine alone would let all pass that it gets."""
    most, path = 10, "/api/v1/appointments/links"
    headers = {"X-Forwarded-For": "203.0.113.77"}

    answers = [
        httpx.post(
            f"http://127.0.0.1:{cluster.machines[number % 2].port}{path}",
            json={"email": somebody()[1]},
            headers=headers,
        ).status_code
        for number in range(most + 2)
    ]

    assert answers[most:] == [429, 429]


def test_picture_that_is_replaced_at_one_machine_is_new_at_the_other(
    cluster, session_of
):
    one, other = (f"http://127.0.0.1:{it.port}" for it in cluster.machines)
    headers = {"Origin": cluster.house.url, "Cookie": session_of(ADMINISTRATOR)}
    before = httpx.get(f"{other}/images/logo")
    tag = {"If-None-Match": before.headers["etag"]}
    assert httpx.get(f"{other}/images/logo", headers=tag).status_code == 304

    changed = httpx.post(
        f"{one}/session/images/logo", files={"file": a_picture()}, headers=headers
    )
    after = httpx.get(f"{other}/images/logo", headers=tag)
    httpx.post(f"{one}/session/images/logo/remove", headers=headers)

    assert changed.is_success, changed.text
    assert after.status_code == 200
    assert httpx.get(f"{other}/images/logo").content == before.content
