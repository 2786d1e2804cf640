"""Send requests to an Exchange server over a few connections that are signed in.

NTLM signs in a connection, so each client here has exactly one and serves one request
at a time. The password goes to the server of the settings and nowhere else: redirects
are not followed, and nothing is looked up by Autodiscover.
"""

import base64
import queue
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from http import HTTPStatus

from invo_booking.domain.calendars.outside import ServerAccount
from invo_booking.domain.calendars.provider_errors import (
    ProviderDownError,
    ReconnectError,
)
from invo_booking.providers.exchange.refusals import SETTINGS, SIGN_IN_REFUSED
from invo_booking.providers.http import VendorClient, VendorResponse

SESSIONS = 4
"""Connections to one server; Exchange limits them for each account."""

REFUSED_SECONDS = 10.0
"""For how long an account that was refused is not tried again."""

_TEMPLATE = "/EWS/Exchange.asmx"
_SIGN_IN = frozenset({HTTPStatus.UNAUTHORIZED.value, HTTPStatus.FORBIDDEN.value})
_HEADERS = {
    "Content-Type": "text/xml; charset=utf-8",
    "Accept": "text/xml",
    "User-Agent": "Invo Booking",
}


class Session:
    """One connection of an account."""

    def __init__(self, client: VendorClient, account: ServerAccount) -> None:
        self.client, self._account = client, account
        self._is_signed_in = False

    def post(self, body: bytes, seconds: float) -> VendorResponse:
        """Send a request, signed in; return the answer, whatever its status.

        Args:
            body: The request.
            seconds: Time for everything, signing in included.

        Raises:
            ReconnectError: If the server does not accept the account.
            ProviderError: As ``VendorClient.send``.
        """
        ends = time.monotonic() + seconds
        answer = self._basic(body, ends) if self._account.uses_basic else None
        answer = answer or self._ntlm(body, ends)
        if answer.status == HTTPStatus.UNAUTHORIZED:
            self._is_signed_in = False
            raise ReconnectError(self._why_refused(answer))
        return answer

    def _basic(self, body: bytes, ends: float) -> VendorResponse:
        pair = f"{self._account.user}:{self._account.password}".encode()
        return self._send(body, ends, f"Basic {base64.b64encode(pair).decode()}")

    def _ntlm(self, body: bytes, ends: float) -> VendorResponse:
        if self._is_signed_in:
            answer = self._send(body, ends)
            if answer.status != HTTPStatus.UNAUTHORIZED:
                return answer
            self._is_signed_in = False
        from invo_booking.providers.exchange.ntlm import Handshake  # noqa: PLC0415 - slow to import, and used with Exchange only

        handshake = Handshake(self._account)
        challenge = self._send(b"", ends, handshake.first_message())
        offered = challenge.headers.get("www-authenticate", "")
        try:
            proof = handshake.proof(offered, challenge.certificate)
        except ValueError:
            return challenge
        answer = self._send(body, ends, proof)
        self._is_signed_in = answer.status != HTTPStatus.UNAUTHORIZED
        return answer

    def _send(self, body: bytes, ends: float, sign_in: str = "") -> VendorResponse:
        headers = {"Authorization": sign_in} if sign_in else {}
        request = self.client.request(
            "POST",
            self._account.address,
            content=body,
            headers={**_HEADERS, **headers},
        )
        left = max(ends - time.monotonic(), 0.01)
        return self.client.send(request, _TEMPLATE, left, pages=_SIGN_IN)

    def _why_refused(self, answer: VendorResponse) -> str:
        offered = answer.headers.get("www-authenticate", "").lower()
        wanted = "basic" if self._account.uses_basic else "ntlm"
        if not offered or wanted in offered:
            return SIGN_IN_REFUSED
        return (
            f"Exchange does not offer the authentication {wanted.upper()} at this "
            f"address. Choose another one on {SETTINGS}, or have it switched on for "
            "the EWS virtual directory."
        )


class SessionPool:
    """The connections of one account, handed to one caller each."""

    def __init__(
        self, make: Callable[[], VendorClient], account: ServerAccount
    ) -> None:
        self.account = account
        self._make = make
        self._guard, self._first = threading.Lock(), threading.Lock()
        self._is_accepted = False
        self._refusal, self._refused_until = "", 0.0
        self._made: list[Session] = []
        self._idle: queue.LifoQueue[Session] = queue.LifoQueue()

    def post(self, body: bytes, seconds: float) -> VendorResponse:
        """Send a request over one of the connections; see ``Session.post``.

        Until the account was accepted once, one caller tries it and the others wait,
        and a refusal counts for all callers for some seconds: Exchange locks accounts
        whose password is tried too often.
        """
        ends = time.monotonic() + seconds
        if self._is_accepted:
            return self._post(body, ends)
        if not self._first.acquire(timeout=seconds):
            raise _busy_error()
        try:
            if time.monotonic() < self._refused_until:
                raise ReconnectError(self._refusal)
            return self._post(body, ends)
        finally:
            self._first.release()

    def _post(self, body: bytes, ends: float) -> VendorResponse:
        try:
            with self._session(max(ends - time.monotonic(), 0.01)) as session:
                answer = session.post(body, max(ends - time.monotonic(), 0.01))
        except ReconnectError as error:
            self._is_accepted, self._refusal = False, str(error)
            self._refused_until = time.monotonic() + REFUSED_SECONDS
            raise
        self._is_accepted = True
        return answer

    @contextmanager
    def _session(self, seconds: float) -> Generator[Session]:
        """Lend a connection.

        Raises:
            ProviderDownError: If none is returned in time.
        """
        session = self._take(seconds)
        try:
            yield session
        finally:
            self._idle.put(session)

    def close(self) -> None:
        """Close all connections."""
        for session in self._made:
            session.client.close()

    def _take(self, seconds: float) -> Session:
        try:
            return self._idle.get_nowait()
        except queue.Empty:
            pass
        with self._guard:
            if len(self._made) < SESSIONS:
                self._made.append(Session(self._make(), self.account))
                return self._made[-1]
        try:
            return self._idle.get(timeout=seconds)
        except queue.Empty:
            raise _busy_error() from None


def _busy_error() -> ProviderDownError:
    return ProviderDownError(
        "Exchange is still busy with earlier questions. It is tried again."
    )
