# pyright: standard
# exchangelib and requests have no types.
"""Lend signed-in sessions of exchangelib to a limited number of callers at a time.

NTLM authenticates a connection, not a request, so each session has exactly one
connection. The password is sent only to the server in the settings: a session cannot
reach another address, redirects are not followed, and Autodiscover is not used.
"""

import logging
import threading
import time
from collections.abc import Callable
from queue import Empty
from typing import Any, TypeVar

import requests
from exchangelib import BASIC, DELEGATE, NTLM, UTC, Account, Credentials
from exchangelib.account import Identity
from exchangelib.configuration import Configuration
from exchangelib.protocol import CachingProtocol, FailFast, Protocol
from exchangelib.transport import DEFAULT_HEADERS
from exchangelib.version import EXCHANGE_2013, Version

from invo_booking.domain.calendars.outside import ServerAccount
from invo_booking.domain.calendars.provider_errors import ProviderDownError
from invo_booking.providers.call_gate import CallGate
from invo_booking.providers.deadline import seconds_left, within_deadline
from invo_booking.providers.exchange.refusals import (
    SIGN_IN_REFUSED,
    AccountRefusedError,
    error_of_status,
)
from invo_booking.providers.exchange.transport import NtlmAuth, VendorAdapter
from invo_booking.providers.http import VendorClient
from invo_booking.providers.responses import USUAL_WAIT
from invo_booking.texts import say

REFUSED_SECONDS = 10.0
"""Seconds without a new sign-in after Exchange has refused the account."""

SCHEMA = Version(build=EXCHANGE_2013)
"""Schema version of all requests; every server since Exchange 2013 accepts it."""

_READABLE = frozenset({200, 401, 500})
"""HTTP statuses that Exchange itself sends; 500 comes with a SOAP fault."""

T = TypeVar("T")
logging.getLogger("exchangelib").setLevel(logging.CRITICAL + 1)  # quotes requests whole


class OwnAccount(Account):
    r"""The account that is signed in.

    exchangelib's own class requires an email address, which is not known for a user
    name such as ``DOMAIN\user``, and caches connections of earlier settings.
    """

    def __init__(self, protocol: "EwsProtocol") -> None:
        self.protocol = protocol
        self.access_type, self.default_timezone = DELEGATE, UTC
        self.identity, self.affinity_cookie = Identity(), None
        self._version, self._version_lock = SCHEMA, threading.Lock()


class _NeverKept(CachingProtocol):
    """Creates a protocol without caching, so changed settings get new connections.

    exchangelib's own metaclass caches protocols.
    """

    def __call__(cls, *args: Any, **named: Any) -> Any:  # noqa: N805 - of a class of classes
        return type.__call__(cls, *args, **named)


class EwsProtocol(Protocol, metaclass=_NeverKept):
    """exchangelib's protocol, with sessions that use our own HTTP client.

    The caller limits how many sessions are open at the same time.
    """

    RETRY_WAIT = int(USUAL_WAIT.total_seconds())

    def __init__(
        self, account: ServerAccount, make_client: Callable[[], VendorClient]
    ) -> None:
        self._make_client = make_client
        super().__init__(
            Configuration(
                credentials=Credentials(account.user, account.password),
                service_endpoint=account.address,
                auth_type=BASIC if account.uses_basic else NTLM,
                version=SCHEMA,
                retry_policy=_Policy(account),
            )
        )

    def get_session(self) -> requests.Session:
        """Return an idle session, or a new one."""
        try:
            return self._session_pool.get_nowait()
        except Empty:
            return self.create_session()

    def retire_session(self, session: requests.Session) -> None:
        """Close a session for good."""
        self.close_session(session)

    def create_session(self) -> requests.Session:
        """Return a session that can reach the server in the settings only.

        The session takes no proxy and no credentials from the environment.
        """
        session: Any = requests.Session()
        session.trust_env = False
        session.headers.update({**DEFAULT_HEADERS, "User-Agent": "Invo Booking"})
        session.adapters.clear()
        session.mount(self.service_endpoint, VendorAdapter(self._make_client()))
        user, password = self.credentials.username, self.credentials.password
        if self.auth_type == BASIC:
            session.auth = (user.encode(), password.encode())
        else:
            session.auth = NtlmAuth(user, password)
        session.session_id, session.usage_count = 0, 0
        return session


class _Policy(FailFast):
    """Raises our own errors for HTTP responses that contain no answer of Exchange."""

    def __init__(self, account: ServerAccount) -> None:
        self._wanted = "basic" if account.uses_basic else "ntlm"

    def raise_response_errors(self, response: requests.Response) -> None:
        """Raise our own errors, which never quote the response."""
        if response.status_code not in _READABLE:
            raise error_of_status(response.status_code)
        if response.status_code == requests.codes.unauthorized:
            offered = response.headers.get("www-authenticate", "").lower()
            raise AccountRefusedError(self._why_refused(offered))

    def _why_refused(self, offered: str) -> str:
        if not offered or self._wanted in offered:
            return say(SIGN_IN_REFUSED)
        return say(
            "exchange.sessions.authentication_not_offered", upper=self._wanted.upper()
        )


class SessionPool:
    """The sessions of one account."""

    def __init__(
        self,
        account: ServerAccount,
        make_client: Callable[[], VendorClient],
        gate: CallGate,
    ) -> None:
        """Create the object without calling Exchange.

        Args:
            account: The account that signs in, with the URL of its server.
            make_client: Makes an HTTP client with a single connection.
            gate: Limits the sessions in use, across all processes.
        """
        self.account, self._gate = account, gate
        self._owner = OwnAccount(EwsProtocol(account, make_client))
        self._first = threading.Lock()
        self._is_accepted = False
        self._refusal, self._refused_until = "", 0.0

    def call(self, do: Callable[[OwnAccount], T], seconds: float) -> T:
        """Run a call with a session and return the call's result.

        Until the server has accepted the account once, one caller signs in and the
        others wait. If the server refuses the account, all calls fail for
        ``REFUSED_SECONDS``, because an account is locked after too many failed
        sign-ins.

        Args:
            do: Makes the call.
            seconds: Time limit, including the waits and the sign-in.

        Raises:
            AccountRefusedError: If the server does not accept the account.
            ProviderDownError: If no complete response arrives in time.
        """
        with within_deadline(seconds):
            if self._is_accepted:
                return self._call(do)
            if not self._first.acquire(timeout=seconds):
                raise _busy_error()
            try:
                if time.monotonic() < self._refused_until:
                    raise AccountRefusedError(self._refusal)
                return self._call(do)
            finally:
                self._first.release()

    def _call(self, do: Callable[[OwnAccount], T]) -> T:
        if not self._gate.acquire(timeout=max(seconds_left(), 0.0)):
            raise _busy_error()
        try:
            result = do(self._owner)
        except AccountRefusedError as error:
            self._is_accepted, self._refusal = False, str(error)
            self._refused_until = time.monotonic() + REFUSED_SECONDS
            raise
        finally:
            self._gate.release()
        self._is_accepted = True
        return result


def _busy_error() -> ProviderDownError:
    return ProviderDownError(say("exchange.sessions.busy"))
