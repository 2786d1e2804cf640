"""The work a visitor's browser does, under the pages' own policy, and its failures."""

import re
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Locator, Page, expect

from invo_booking.api.core.content_policy import content_policy_of
from invo_booking.config import PROJECT
from invo_booking.domain.access import proof_of_work
from invo_booking.domain.access.proof_of_work import count_zero_bits
from invo_booking.domain.clock import utc_now
from tests.e2e.pages.bank import somebody
from tests.e2e.pages.public import LandingPage, SchedulePage
from tests.e2e.product import House, running_house
from tests.support.servers import free_port

pytestmark = pytest.mark.browser

PROGRAM = (PROJECT / "assets" / "proof-of-work.js").read_bytes()
PAGE = b'<!doctype html><title>A page</title><script src="/in-a-worker.js"></script>'
IN_A_WORKER = b"""
globalThis.work = (challenge) => new Promise((done, fail) => {
  const worker = new Worker("/proof-of-work.js");
  worker.onerror = () => fail(new Error("no worker"));
  worker.onmessage = ({ data }) => data.number === undefined || done(data.number);
  worker.postMessage(challenge);
});
"""
FILES = {
    "/": (PAGE, "text/html"),
    "/proof-of-work.js": (PROGRAM, "text/javascript"),
    "/in-a-worker.js": (IN_A_WORKER, "text/javascript"),
}


class Site(BaseHTTPRequestHandler):
    """One page with the policy of the built ones, without its build."""

    def do_GET(self) -> None:
        body, kind = FILES.get(self.path, (b"", "text/plain"))
        self.send_response(200)
        self.send_header("content-type", kind)
        self.send_header("content-security-policy", content_policy_of(PAGE.decode()))
        self.send_header("cross-origin-embedder-policy", "require-corp")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_said: object) -> None:
        """Say nothing."""


@pytest.fixture
def site() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Site) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


def test_a_worker_of_our_own_finds_the_proof_under_the_strict_policy(site, browser):
    challenge = proof_of_work.issue_challenge(
        b"k" * 32, "links", 12, utc_now(), "0" * 32
    )
    page = browser.new_page()
    page.goto(site)

    number = page.evaluate("(challenge) => work(challenge)", challenge.text)

    assert count_zero_bits(f"{challenge.text}.{number}") >= 12
    page.close()


TOPIC = "Mortgage advice"
ARRIVED = re.compile("/a/")
FAILED = "The security check on your device did not finish"
NO_WORKER = "delete globalThis.Worker"
THROWS = "throw new Error('this computes nothing')"
SAYS_NOTHING = "addEventListener('message', () => undefined)"


@pytest.fixture(scope="module")
def careful_house() -> Iterator[House]:
    """The product with its limits, as in production."""
    with running_house(free_port(), {"INVO_RATE_LIMITS": "on"}) as house:
        yield house


@pytest.fixture
def hurry(careful_house, visitor) -> Callable[..., Page]:
    """Bring somebody who seems to be a program to the last step of a request."""

    def bring(break_the_work: Callable[[Page], object]) -> Page:
        page = visitor()
        break_the_work(page)
        schedule = SchedulePage(page, careful_house.url).open()
        schedule.choose_topic(TOPIC)
        schedule.choose_how("English", "Video call")
        schedule.pick_first_slot()
        page.locator("[name=website]").evaluate("field => (field.value = 'spam')")
        name, email = somebody()
        schedule.leave_contact(name=name, email=email)
        return page

    return bring


def answer_with(script: str) -> Callable[[Page], None]:
    """Let the program of the work be another one."""
    return lambda page: page.route(
        "**/proof-of-work.js",
        lambda route: route.fulfill(body=script, content_type="text/javascript"),
    )


def block(page: Page) -> None:
    page.route("**/proof-of-work.js", lambda route: route.abort())


def take_workers_away(page: Page) -> None:
    page.add_init_script(NO_WORKER)


def press(page: Page) -> None:
    button = page.get_by_role("button", name=re.compile("^Request appointment$"))
    button.locator("visible=true").click()


def failure(page: Page) -> Locator:
    return page.get_by_role("main").get_by_role("alert").filter(has_text=FAILED)


@pytest.mark.parametrize("break_the_work", [block, answer_with(THROWS)])
def test_customer_whose_device_cannot_work_is_told_and_tries_again(
    hurry, picture, break_the_work
):
    page = hurry(break_the_work)
    expect(failure(page)).to_have_count(0)

    press(page)

    expect(failure(page)).to_be_visible()
    expect(failure(page)).to_contain_text("What you entered is still here")
    expect(failure(page).get_by_role("link", name=re.compile(r"\d"))).to_be_visible()
    expect(page.get_by_text("This page stopped working")).to_have_count(0)
    picture(page, "failed")
    page.unroute("**/proof-of-work.js")
    page.get_by_role("button", name="Try again").click()
    page.wait_for_url(ARRIVED)


def test_another_press_tries_the_work_again(hurry):
    page = hurry(block)
    press(page)
    expect(failure(page)).to_be_visible()
    page.unroute("**/proof-of-work.js")

    press(page)

    page.wait_for_url(ARRIVED)


def test_page_works_by_itself_where_there_are_no_workers(hurry):
    page = hurry(take_workers_away)

    press(page)

    page.wait_for_url(ARRIVED)


def test_work_that_tells_nothing_has_failed_after_a_while(hurry):
    page = hurry(answer_with(SAYS_NOTHING))

    press(page)

    expect(failure(page)).to_be_visible(timeout=120_000)


def test_who_asks_for_links_is_told_that_the_device_cannot_work(careful_house, visitor):
    page = visitor()
    block(page)
    landing = LandingPage(page, careful_house.url).open()
    page.locator("[name=website]").evaluate("field => (field.value = 'spam')")
    _, email = somebody()

    landing.ask_for_links(email)

    assert FAILED in landing.answer()
    page.unroute("**/proof-of-work.js")
    page.get_by_role("button", name="Try again").click()
    expect(page.locator(".again [role=alert]")).to_contain_text(email)
