"""What the nginx of ``deploy/`` does between browsers and two machines."""

import ssl
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import httpx
import pytest

from invo_booking.config import PROJECT
from tests.support.nginx import RATE, plain_values, running_nginx
from tests.support.servers import free_port

MANY = 6


@dataclass
class Machine:
    """A web machine that only notes what it is asked.

    Attributes:
        status: What it answers.
        requests: Method and path of each request.
        headers: Those of the last request.
    """

    status: int = 200
    requests: list[str] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    port: int = 0


@contextmanager
def running(machine: Machine) -> Iterator[None]:
    """Let a machine answer."""

    class Answers(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _answer(self) -> None:
            self.rfile.read(int(self.headers.get("content-length", 0)))
            machine.requests.append(f"{self.command} {self.path}")
            machine.headers = {k.lower(): v for k, v in self.headers.items()}
            self.send_response(machine.status)
            self.send_header("content-length", "0")
            self.end_headers()

        do_GET = do_POST = _answer  # noqa: N815 - the names of http.server

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        machine.port = server.server_address[1]
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield
        server.shutdown()
        thread.join()


@dataclass
class Site:
    """Two machines behind the proxy."""

    one: Machine
    other: Machine
    web: httpx.Client
    plain: httpx.Client

    def requests(self) -> list[str]:
        """Return the requests that both machines got."""
        return self.one.requests + self.other.requests


@pytest.fixture(scope="module")
def certificate(tmp_path_factory) -> Path:
    """A folder with a certificate for localhost and the directives that name it."""
    folder = tmp_path_factory.mktemp("tls")
    names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    files = ["-keyout", str(folder / "tls.key"), "-out", str(folder / "tls.crt")]
    kind = ["-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    command = ["openssl", "req", *kind, *names, *files]
    subprocess.run(command, check=True, capture_output=True)
    shipped = (PROJECT / "deploy" / "nginx" / "tls.conf").read_text("utf-8")
    ours = shipped.replace("/etc/nginx/tls", str(folder))
    (folder / "tls.conf").write_text(ours)
    return folder


@contextmanager
def running_site(certificate: Path, folder: Path, rate: str = RATE) -> Iterator[Site]:
    """Run the proxy with TLS, as it is shipped, before two machines."""
    one, other, port = Machine(), Machine(), free_port()
    trust = ssl.create_default_context(cafile=str(certificate / "tls.crt"))
    with ExitStack() as stack:
        stack.enter_context(running(one))
        stack.enter_context(running(other))
        machines = [one.port, other.port]
        values = plain_values(port, machines, certificate / "tls.conf")
        values |= {"INVO_LISTEN": f"127.0.0.1:{port} ssl", "INVO_SCHEME": "https"}
        stack.enter_context(running_nginx(folder, values, port, rate=rate))
        secure = httpx.Client(base_url=f"https://localhost:{port}", verify=trust)
        plain = httpx.Client(base_url=f"http://{values['INVO_HTTP_LISTEN']}")
        web = stack.enter_context(secure)
        yield Site(one, other, web, stack.enter_context(plain))


@pytest.fixture
def site(certificate, tmp_path) -> Iterator[Site]:
    """The proxy and two machines."""
    with running_site(certificate, tmp_path) as running:
        yield running


def test_address_without_tls_leads_to_the_one_with_it(site):
    answer = site.plain.get("/schedule?a=b", headers={"Host": "localhost"})

    assert answer.status_code == 301
    assert answer.headers["location"] == "https://localhost/schedule?a=b"
    assert site.requests() == []


def test_machines_take_turns_and_learn_who_asks_and_how(site):
    for _ in range(MANY):
        site.web.get("/", headers={"X-Forwarded-For": "198.51.100.9"})

    assert len(site.one.requests) == len(site.other.requests) == MANY / 2
    assert site.one.headers["x-forwarded-for"] == "198.51.100.9, 127.0.0.1"
    assert site.one.headers["x-forwarded-proto"] == "https"
    assert site.one.headers["host"] == f"localhost:{site.web.base_url.port}"


def test_socket_that_an_ending_machine_refuses_is_opened_at_the_other(site):
    site.one.status = 503
    upgrade = {"Upgrade": "websocket", "Connection": "Upgrade"}

    answers = [site.web.get("/_event/", headers=upgrade) for _ in range(MANY)]

    assert {answer.status_code for answer in answers} == {200}
    assert site.one.requests, "it was never its turn"


def test_file_of_the_old_version_is_fetched_from_the_machine_that_has_it(site):
    site.one.status = 404

    answers = [site.web.get("/assets/old-1a2b.js") for _ in range(MANY)]

    assert {answer.status_code for answer in answers} == {200}
    assert site.one.requests, "it was never its turn"


def test_request_that_may_have_changed_something_is_never_repeated(site):
    site.one.status = site.other.status = 503

    answers = [site.web.post("/api/v1/appointments") for _ in range(MANY)]

    assert {answer.status_code for answer in answers} == {503}
    assert len(site.requests()) == MANY


def test_figures_are_for_nobody_outside(site):
    assert site.web.get("/metrics").status_code == 404
    assert site.requests() == []


def test_one_address_is_slowed_down_and_files_of_pages_are_not_counted(
    certificate, tmp_path
):
    with running_site(certificate, tmp_path, rate="1r/m") as site:
        pages = [site.web.get("/").status_code for _ in range(520)]
        files = [site.web.get("/assets/a.js").status_code for _ in range(20)]

    assert pages[:500] == [200] * 500
    assert pages[505:] == [429] * 15
    assert set(files) == {200}
