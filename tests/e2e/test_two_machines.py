"""Two web machines behind a proxy that gives each connection to the next one."""

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import datetime
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, BrowserType, Page, expect

from tests.e2e.bare_sockets import bare_socket
from tests.e2e.machines import WebMachine, running_machine
from tests.e2e.pages.bank import Bank, somebody
from tests.e2e.pages.line import notice
from tests.e2e.pages.staff import PASSWORD, BookingsPage
from tests.e2e.product import House
from tests.support.busy import with_slack
from tests.support.round_robin import RoundRobin, round_robin

pytestmark = pytest.mark.browser

MANAGER = "tom@harbor.example"
TOPIC = "Mortgage advice"
SOCKETS = 24
RELOADS = 4
TOKEN = "sessionStorage.getItem('token')"


@pytest.fixture(scope="module")
def kept_machines() -> Iterator[tuple[ExitStack, list[WebMachine]]]:
    """What was started for one test and serves the next ones."""
    with ExitStack() as afterwards:
        yield afterwards, []


@pytest.fixture
def machine(house: House, kept_machines, tmp_path_factory) -> WebMachine:
    """A second web machine of the same institution; a new one if it was killed."""
    afterwards, started = kept_machines
    if not started or not started[-1].is_running():
        folder = tmp_path_factory.mktemp("machine")
        started.append(afterwards.enter_context(running_machine(house, folder)))
    return started[-1]


@pytest.fixture(scope="module")
def kept_proxy() -> Iterator[RoundRobin]:
    """A proxy that gets its machines from each test."""
    with round_robin([]) as proxy:
        yield proxy


@pytest.fixture
def proxy(house: House, machine: WebMachine, kept_proxy: RoundRobin) -> RoundRobin:
    """A proxy in front of both machines."""
    kept_proxy.ports = [_port_of(house), machine.port]
    return kept_proxy


@pytest.fixture(scope="module")
def outside(
    house: House,
    kept_proxy: RoundRobin,
    browser_type: BrowserType,
    browser_type_launch_args: dict[str, Any],
) -> Iterator[Callable[[], BrowserContext]]:
    """Open browsers whose connections go to the proxy; the pages know no other port."""
    way = f"MAP localhost:{_port_of(house)} 127.0.0.1:{kept_proxy.port}"
    args = [*browser_type_launch_args["args"], f"--host-resolver-rules={way}"]
    browser = browser_type.launch(**{**browser_type_launch_args, "args": args})

    def sign_in() -> BrowserContext:
        context = browser.new_context(base_url=house.url, timezone_id="America/Chicago")
        form = {"email": MANAGER, "password": PASSWORD}
        headers = {"Origin": house.url}
        context.request.post("/session/sign-in", form=form, headers=headers)
        return context

    yield sign_in
    browser.close()


def _port_of(house: House) -> int:
    return int(house.url.rpartition(":")[2])


async def reload_often(house: House, proxy: RoundRobin) -> None:
    """Load one page again and again, each time at the machine whose turn it is."""
    token = ""
    for _ in range(RELOADS):
        async with bare_socket(house, proxy.port, token) as page:
            token = page.token


def open_board(context: BrowserContext, day: datetime) -> Page:
    """Open a day of the team."""
    page = context.new_page()
    page.goto(f"/bookings?scope=team&view=day&date={day:%Y-%m-%d}")
    expect(page.get_by_role("heading", level=1)).not_to_be_empty()
    return page


def book(bank: Bank, start: datetime) -> str:
    """Book an appointment; return the customer's name."""
    name, email = somebody()
    bank.confirm(bank.request(TOPIC, start, name=name, email=email))
    return name


def test_every_socket_fills_its_page_whichever_machine_it_had_before(house, proxy):
    async def load_all() -> None:
        await asyncio.gather(*(reload_often(house, proxy) for _ in range(SOCKETS)))

    with ThreadPoolExecutor(1) as thread:  # Playwright's loop runs in this one
        thread.submit(asyncio.run, load_all()).result()


def test_changes_reach_the_pages_of_both_machines(house, proxy, machine, outside, bank):
    start = bank.open_starts(TOPIC)[-1]
    pages = []
    for port in (_port_of(house), machine.port):
        proxy.ports = [port]
        pages.append(open_board(outside(), start))

    name = book(bank, start)

    for page in pages:
        expect(page.get_by_text(name).first).to_be_attached()


def test_session_ended_at_one_machine_empties_its_page_at_the_other(
    house, proxy, machine, outside, bank
):
    start = bank.open_starts(TOPIC)[-1]
    proxy.ports = [machine.port]
    context = outside()
    page = open_board(context, start)

    proxy.ports = [_port_of(house)]
    context.request.post("/session/sign-out", headers={"Origin": house.url})

    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_pages_of_a_killed_machine_go_on_at_the_other(
    house, proxy, machine, outside, bank
):
    start = bank.open_starts(TOPIC)[-1]
    proxy.ports = [machine.port]
    page = open_board(outside(), start)
    token = page.evaluate(TOKEN)

    proxy.ports = [machine.port, _port_of(house)]
    machine.kill()
    name = book(bank, start)

    expect(page.get_by_text(name).first).to_be_attached()
    assert page.evaluate(TOKEN) == token, "what the page knew is lost"


def test_pages_of_an_ending_machine_go_on_at_the_other_with_what_is_typed(
    house, proxy, machine, outside, bank
):
    start = bank.open_starts(TOPIC)[-1]
    proxy.ports = [machine.port]
    page = open_board(outside(), start)
    form = BookingsPage(page).begin_appointment()
    form.get_by_label("Customer's name").fill("Half a na")
    token = page.evaluate(TOKEN)

    proxy.ports = [machine.port, _port_of(house)]
    seconds = machine.end()
    name = book(bank, start)

    expect(page.get_by_text(name).first).to_be_attached()
    expect(form.get_by_label("Customer's name")).to_have_value("Half a na")
    expect(notice(page)).to_have_count(0)
    assert page.evaluate(TOKEN) == token, "what the page knew is lost"
    assert seconds < with_slack(10)
