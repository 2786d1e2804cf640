"""Reaching a provider through a forward proxy, as a bank's server has to."""

import json
import ssl
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from invo_booking.config import ConfigError
from invo_booking.domain.calendars.provider_errors import ProviderDownError
from invo_booking.domain.clock import utc_now
from invo_booking.providers.http import VendorClient
from invo_booking.providers.proxy import forward_proxy
from tests.support.forward_proxy import forward_proxy_server
from tests.support.vendor.certificates import make_certificates

NAME = "graph.example"
URL = f"https://{NAME}/v1.0/me"
BUSY_MACHINE = 15  # seconds; what drips would go on for ever
PATIENT = 60.0


class Vendor(BaseHTTPRequestHandler):
    """A provider that answers every GET the same way."""

    protocol_version = "HTTP/1.1"
    answer = (200, "application/json", b'{"fine": true}')

    def do_GET(self):
        status, kind, body = self.answer
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


@pytest.fixture(scope="module")
def certificates(tmp_path_factory):
    return make_certificates(tmp_path_factory.mktemp("tls"), NAME)


@pytest.fixture
def vendor(certificates):
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificates.chain_file, certificates.key_file)
    handler = type("OwnVendor", (Vendor,), {})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def proxy(vendor):
    with forward_proxy_server() as server:
        server.ways[NAME] = vendor.server_address[1]
        yield server


@pytest.fixture
def line(proxy, certificates):
    def made(login="", **environment):
        at = f"{login}127.0.0.1:{proxy.port}"
        used = forward_proxy(f"http://{at}", environment)
        return VendorClient(
            "Microsoft", ca_file=certificates.ca_file, proxy=used, now=utc_now
        )

    return made


def ask(line, seconds=PATIENT):
    return line.send(line.request("GET", URL), "template", seconds)


def test_provider_is_reached_through_the_proxy_and_its_certificate_checked(line, proxy):
    assert ask(line()).json() == {"fine": True}
    assert proxy.asked == [f"{NAME}:443"]


def test_calls_share_their_connection_through_the_proxy(line, proxy):
    client = line()

    assert [ask(client).status for _ in range(5)] == [200] * 5

    assert proxy.asked == [f"{NAME}:443"]


def test_user_and_password_are_shown_to_the_proxy(line, proxy):
    proxy.login = "invo:p@ss"

    assert ask(line("invo:p%40ss@")).status == 200


@pytest.mark.parametrize("login", ["", "invo:wrong@"])
def test_proxy_that_wants_another_login_is_named_and_the_password_is_not(
    line, proxy, login
):
    proxy.login = "invo:right"

    with pytest.raises(ProviderDownError) as caught:
        ask(line(login))

    assert "wants a user name and password" in str(caught.value)
    assert "INVO_HTTPS_PROXY" in str(caught.value)
    assert f"127.0.0.1:{proxy.port}" in str(caught.value)
    used = forward_proxy("http://invo:wrong@proxy.bank.example", {})
    assert "wrong" not in f"{caught.value} {used}"
    assert not caught.value.ambiguous


def test_proxy_that_does_not_let_through_is_named(line, proxy):
    proxy.refusal = "403 Forbidden"

    with pytest.raises(ProviderDownError, match=rf"let this server through to {NAME}"):
        ask(line())


def test_proxy_that_is_not_there_is_named(certificates):
    used = forward_proxy("http://127.0.0.1:9", {})
    line = VendorClient(
        "Microsoft", ca_file=certificates.ca_file, proxy=used, now=utc_now
    )

    with pytest.raises(ProviderDownError, match=r"through the proxy 127\.0\.0\.1:9"):
        ask(line)


def test_call_ends_in_time_although_the_proxy_never_ends_its_answer(line, proxy):
    proxy.drips = True
    began = time.monotonic()

    with pytest.raises(ProviderDownError, match="did not answer in time"):
        ask(line(), seconds=1.0)

    assert time.monotonic() - began < BUSY_MACHINE


def test_page_of_a_proxy_is_not_taken_for_an_answer(line, vendor):
    page = b"<html>This site is blocked.</html>"
    vendor.RequestHandlerClass.answer = (403, "text/html; charset=utf-8", page)

    with pytest.raises(ProviderDownError, match="A web page came back"):
        ask(line())


def test_refusal_of_the_provider_itself_passes_through(line, vendor):
    body = json.dumps({"error": {"code": "ErrorAccessDenied"}}).encode()
    vendor.RequestHandlerClass.answer = (403, "application/json", body)

    assert ask(line()).status == 403


@pytest.mark.parametrize(
    ("rule", "is_direct"),
    [
        ("", False),
        ("*", True),
        ("graph.example", True),
        (".example", True),
        ("example", True),
        ("*.example", True),
        ("ph.example", False),
        ("graph.example:443", True),
        ("graph.example:8443", False),
        ("other.example, GRAPH.example", True),
        ("10.0.0.0/8", False),
    ],
)
def test_what_no_proxy_lists_is_reached_without_it(rule, is_direct):
    for name in ("NO_PROXY", "no_proxy"):
        used = forward_proxy("http://proxy.bank.example:8080", {name: rule})
        assert used.is_for(URL) is not is_direct


def test_networks_and_this_machine_are_reached_without_it():
    used = forward_proxy("proxy.bank.example:8080", {"NO_PROXY": "10.0.0.0/8,fd00::/8"})

    direct = ("10.1.2.3", "[fd00::1]", "localhost", "127.0.0.1", "[::1]")
    assert not any(used.is_for(f"https://{host}/v1.0") for host in direct)
    assert used.is_for("https://11.1.2.3/v1.0")


def test_usual_variables_count_unless_ours_is_set():
    usual = {"HTTPS_PROXY": "http://usual.bank.example:3128"}

    assert forward_proxy("", {}) is None
    assert forward_proxy("", usual).address == "http://usual.bank.example:3128"
    assert forward_proxy("", {"https_proxy": "usual"}).address == "http://usual:8080"
    ours = forward_proxy("https://ours.bank.example", usual)
    assert ours.address == "https://ours.bank.example:443"


@pytest.mark.parametrize(
    "text", ["socks5://secret:word@a:1", "http://", "http://secret:word@a:port"]
)
def test_address_that_is_none_is_refused_and_not_repeated(text):
    with pytest.raises(ConfigError) as caught:
        forward_proxy(text, {})

    assert "INVO_HTTPS_PROXY" in str(caught.value)
    assert "word" not in str(caught.value)
