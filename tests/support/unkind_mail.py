"""A mail server that keeps its callers waiting, hangs up, or talks too much."""

import hmac
import socket
import threading
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from typing import BinaryIO

HOWEVER = 0.2
"""Seconds between two bytes of a server that drips."""

DATA_ENDS = b"\r\n.\r\n"


class UnkindMail:
    """Listens on loopback and treats every caller in one way.

    Attributes:
        calls: How many connections were made.
        letters: What was handed over to the end, as it was sent.
    """

    def __init__(self, treat: Callable[["UnkindMail", socket.socket], None]) -> None:
        self.calls = 0
        self.letters: list[bytes] = []
        self.over = threading.Event()
        self._treat = treat
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._listen, daemon=True).start()

    def close(self) -> None:
        """Let everybody go."""
        self.over.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def wait(self, seconds: float | None = None) -> None:
        """Do nothing for a while, or as long as the test lasts."""
        self.over.wait(seconds)

    def _listen(self) -> None:
        with suppress(OSError):
            while True:
                line, _ = self._listener.accept()
                self.calls += 1
                threading.Thread(target=self._serve, args=(line,), daemon=True).start()

    def _serve(self, line: socket.socket) -> None:
        with suppress(OSError), line:
            self._treat(self, line)


@contextmanager
def unkind(treat: Callable[[UnkindMail, socket.socket], None]) -> Iterator[UnkindMail]:
    """Yield a server that treats every caller in one way."""
    server = UnkindMail(treat)
    try:
        yield server
    finally:
        server.close()


def says_nothing(server: UnkindMail, line: socket.socket) -> None:
    """Accept, and never say a word."""
    assert line
    server.wait()


def drips_its_greeting(server: UnkindMail, line: socket.socket) -> None:
    """Say one byte at a time, and never come to an end."""
    line.sendall(b"220 ")
    _drip(server, line)


def greets_for_ever(server: UnkindMail, line: socket.socket) -> None:
    """Say ten megabytes before the greeting ends."""
    for _ in range(10 * 1024):
        line.sendall(b"220-" + b"x" * 1018 + b"\r\n")
    line.sendall(b"220 at last\r\n")
    server.wait()


def never_ends_tls(server: UnkindMail, line: socket.socket) -> None:
    """Offer STARTTLS, agree to it, and drip a handshake that leads nowhere."""
    _until_asked(line, b"STARTTLS")
    line.sendall(b"220 Go on\r\n")
    line.sendall(b"\x16\x03\x03\x40\x00")  # a record of 16 kB begins
    _drip(server, line, b"\x02")


def never_begins_tls(server: UnkindMail, line: socket.socket) -> None:
    """Take the first words of TLS, and answer none."""
    line.recv(4096)
    server.wait()


def drips_at_sign_in(server: UnkindMail, line: socket.socket) -> None:
    """Take the user, and drip the answer."""
    _until_asked(line, b"AUTH")
    _drip(server, line, b"2")


def hangs_after_data(server: UnkindMail, line: socket.socket) -> None:
    """Take the whole letter, and never say so."""
    _take_letter(server, line)
    server.wait()


def closes_in_the_middle(server: UnkindMail, line: socket.socket) -> None:
    """Hang up while the letter is handed over."""
    assert server
    _until_asked(line, b"DATA")
    line.sendall(b"354 Go on\r\n")
    line.recv(64)


def takes_it_and_hangs(server: UnkindMail, line: socket.socket) -> None:
    """Take the letter, say so, and never say goodbye."""
    _take_letter(server, line)
    line.sendall(b"250 Taken\r\n")
    server.wait()


def reads_nothing_after_data(server: UnkindMail, line: socket.socket) -> None:
    """Ask for the letter, and leave it in the line."""
    line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    _until_asked(line, b"DATA")
    line.sendall(b"354 Go on\r\n")
    server.wait()


def signing_in(
    ways: Sequence[str], user: str, password: str
) -> AbstractContextManager[UnkindMail]:
    """Yield a server that takes letters only after a sign-in in UTF-8."""

    def treat(server: UnkindMail, line: socket.socket) -> None:
        line.sendall(b"220 here\r\n")
        with line.makefile("rb") as lines:
            serve(server, line, lines)

    def serve(server: UnkindMail, line: socket.socket, lines: BinaryIO) -> None:
        is_known = False
        while asked := lines.readline().strip():
            verb, _, rest = asked.decode("ascii").partition(" ")
            if verb.upper() == "EHLO":
                line.sendall(f"250-here\r\n250 AUTH {' '.join(ways)}\r\n".encode())
            elif verb.upper() == "AUTH":
                is_known = _credentials(line, lines, rest) in (
                    [user, password],
                    [f"{user} {_digest(password)}"],
                )
                line.sendall(b"235 Welcome\r\n" if is_known else b"535 No\r\n")
            elif verb.upper() == "DATA" and is_known:
                line.sendall(b"354 Go on\r\n")
                letter = iter(lines.readline, b".\r\n")
                server.letters.append(b"".join(letter))
                line.sendall(b"250 Taken\r\n")
            else:
                line.sendall(b"250 OK\r\n")

    return unkind(treat)


_PUZZLE = b"<1896.697170952@here>"


def _credentials(line: socket.socket, lines: BinaryIO, rest: str) -> list[str]:
    """Return what a client signs in with, by the rules of its way."""
    way, _, first = rest.partition(" ")

    def ask(challenge: bytes) -> str:
        line.sendall(b"334 " + b64encode(challenge) + b"\r\n")
        return b64decode(lines.readline()).decode()

    if way == "PLAIN":
        return b64decode(first).decode().split("\0")[1:]
    if way == "CRAM-MD5":
        return [ask(_PUZZLE)]
    name = b64decode(first).decode() if first else ask(b"Username:")
    return [name, ask(b"Password:")]


def _digest(password: str) -> str:
    return hmac.new(password.encode(), _PUZZLE, "md5").hexdigest()


def _until_asked(line: socket.socket, verb: bytes) -> None:
    """Answer as a mail server does until somebody asks for something."""
    line.sendall(b"220 here\r\n")
    while True:
        asked = line.recv(4096)
        if not asked:
            raise ConnectionResetError
        if asked.upper().startswith(verb):
            return
        if asked.upper().startswith(b"EHLO"):
            line.sendall(b"250-here\r\n250-AUTH PLAIN LOGIN\r\n250 STARTTLS\r\n")
        else:
            line.sendall(b"250 OK\r\n")


def _take_letter(server: UnkindMail, line: socket.socket) -> None:
    _until_asked(line, b"DATA")
    line.sendall(b"354 Go on\r\n")
    letter = b""
    while not letter.endswith(DATA_ENDS):
        more = line.recv(65536)
        if not more:
            raise ConnectionResetError
        letter += more
    server.letters.append(letter)


def _drip(server: UnkindMail, line: socket.socket, byte: bytes = b"x") -> None:
    while not server.over.is_set():
        line.sendall(byte)
        server.wait(HOWEVER)
