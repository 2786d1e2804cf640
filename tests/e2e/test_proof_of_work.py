"""The program that works for a page, in a real browser under the pages' own policy."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from invo_booking.api.core.content_policy import policy_of
from invo_booking.config import PROJECT
from invo_booking.domain.access import proof_of_work
from invo_booking.domain.access.proof_of_work import count_zero_bits
from invo_booking.domain.clock import utc_now

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
        self.send_header("content-security-policy", policy_of(PAGE.decode()))
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
