"""A forward proxy on loopback: it takes CONNECT, and refuses as a test tells it to."""

import base64
import select
import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar


class ForwardProxyServer(socketserver.ThreadingTCPServer):
    """The proxy.

    Attributes:
        ways: The port on this machine that stands for a name.
        login: What it wants, as ``user:password``; empty for nothing.
        refusal: What it answers instead, such as ``"403 Forbidden"``.
        drips: Whether its answers come byte by byte and never end.
        asked: The targets it was asked for, in order.
    """

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.ways: dict[str, int] = {}
        self.login = self.refusal = ""
        self.drips = False
        self.asked: list[str] = []
        self.is_over = threading.Event()

    @property
    def port(self) -> int:
        """Where it listens."""
        return self.server_address[1]


@contextmanager
def forward_proxy_server() -> Iterator[ForwardProxyServer]:
    """Run a proxy."""
    with ForwardProxyServer() as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.is_over.set()
        server.shutdown()
        thread.join()


class _Handler(socketserver.StreamRequestHandler):
    server: ForwardProxyServer
    wbufsize: ClassVar[int] = 0

    def handle(self) -> None:
        """Answer one CONNECT, then pass bytes on."""
        method, target, _ = self.rfile.readline().decode().split()
        headers = dict(self._headers())
        assert method == "CONNECT"
        self.server.asked.append(target)
        if self.server.drips:
            self._drip()
        elif not self._is_login(headers.get("proxy-authorization", "")):
            self._say("407 Proxy Authentication Required")
        elif self.server.refusal:
            self._say(self.server.refusal)
        else:
            self._connect(self.server.ways[target.partition(":")[0]])

    def _headers(self) -> Iterator[tuple[str, str]]:
        while line := self.rfile.readline().strip():
            name, _, value = line.decode().partition(":")
            yield name.lower(), value.strip()

    def _is_login(self, sent: str) -> bool:
        wanted = base64.b64encode(self.server.login.encode()).decode()
        return not self.server.login or sent == f"Basic {wanted}"

    def _say(self, status: str) -> None:
        page = "<html>Talk to your administrator.</html>"
        self.wfile.write(
            f"HTTP/1.1 {status}\r\nContent-Type: text/html\r\n"
            f"Content-Length: {len(page)}\r\n\r\n{page}".encode()
        )

    def _drip(self) -> None:
        try:
            self.wfile.write(b"HTTP/1.1 200 Fine\r\nX-Wait: ")
            while not self.server.is_over.wait(0.05):
                self.wfile.write(b"a")
        except OSError:
            return

    def _connect(self, port: int) -> None:
        with socket.create_connection(("127.0.0.1", port)) as there:
            self.wfile.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            self._relay(there)

    def _relay(self, there: socket.socket) -> None:
        others = {self.connection: there, there: self.connection}
        while not self.server.is_over.is_set():
            ready, _, _ = select.select(list(others), [], [], 0.2)
            for one in ready:
                try:
                    data = one.recv(65_536)
                    others[one].sendall(data)
                except OSError:
                    return
                if not data:
                    return
