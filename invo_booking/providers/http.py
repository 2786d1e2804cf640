"""Send HTTPS requests to providers, bounded in time and size."""

import logging
import ssl
import weakref
from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx

from invo_booking.config import ConfigError
from invo_booking.domain.calendars.provider_errors import (
    ProviderDownError,
    ThrottledError,
)
from invo_booking.providers.deadline import (
    PRIVATE_ADDRESS,
    DeadlineBackend,
    within_deadline,
)
from invo_booking.providers.proxy import ForwardProxy
from invo_booking.providers.responses import (
    VendorResponse,
    is_redirect,
    is_web_page,
    retry_after,
)
from invo_booking.providers.routes import Routes, proxy_trouble
from invo_booking.providers.unpacking import (
    ACCEPTED,
    ContentTooLargeError,
    UnknownPackingError,
    unpack_content,
)
from invo_booking.texts import say

LARGEST_ANSWER = 8 * 2**20
"""Largest response body in bytes, measured while it is decompressed."""

_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
_READS = frozenset({"GET", "HEAD"})
_log = logging.getLogger(__name__)


class VendorClient:
    """The HTTP client of one provider: a connection pool with strict rules.

    TLS certificates are always verified, redirects are not followed, and both the size
    of a response and the duration of a call are limited.
    """

    def __init__(
        self,
        name: str,
        *,
        ca_file: Path | None = None,
        proxy: ForwardProxy | None = None,
        now: Callable[[], datetime],
        connections: int = 8,
        is_public_only: bool = False,
    ) -> None:
        """Create a client without connecting.

        Args:
            name: The provider's name in error messages.
            ca_file: Certificate authorities to trust besides the system's.
            proxy: The forward proxy, if there is one.
            now: Returns the current instant in UTC.
            connections: Largest number of open connections.
            is_public_only: Whether private addresses are refused; true for servers that
                administrators name.
        """
        self.name = name
        self.now = now
        self._proxy, self._ca_file = proxy, ca_file
        self._connections, self._is_public_only = connections, is_public_only
        self._client = self._new_client("")

    def trust(self, authorities: str) -> None:
        """Trust further certificate authorities from now on.

        Args:
            authorities: Certificates of the authorities in PEM form; empty for none.
        """
        if authorities:
            self._client.close()
            self._client = self._new_client(authorities)

    def request(self, method: str, url: str, **parts: Any) -> httpx.Request:
        """Return a request; ``parts`` are arguments of ``httpx.Request``."""
        return self._client.build_request(method, url, **parts)

    def close(self) -> None:
        """Close all connections."""
        self._client.close()

    def send(
        self,
        request: httpx.Request,
        template: str,
        seconds: float,
        *,
        pages: frozenset[int] = frozenset(),
    ) -> VendorResponse:
        """Send a request and return the complete response, whatever its status.

        Args:
            request: A request created by ``request``.
            template: The path for logs, without ids and addresses.
            seconds: Time after which the call fails, even while data still arrives.
            pages: Statuses below 500 for which a web page is a valid response.

        Raises:
            ThrottledError: If the provider limits the rate of calls.
            ProviderDownError: If no complete response arrives, or the response is a
                redirect or an unexpected web page.
        """
        try:
            with within_deadline(seconds):
                answer = self._read(request)
        except httpx.HTTPError as error:
            _log_call(request.method, template, type(error).__name__, "")
            raise self._unreachable(request, error) from error
        _log_call(request.method, template, answer.status, answer.reference)
        if is_redirect(answer):
            raise ProviderDownError(
                say("providers.http.redirected", name=self.name),
                reference=answer.reference,
            )
        self._raise_if_throttled(answer)
        if is_web_page(answer) and answer.status not in pages:
            raise ProviderDownError(
                say("providers.http.web_page", name=self.name, host=request.url.host),
                ambiguous=request.method not in _READS,
                reference=answer.reference,
            )
        return answer

    def unreadable(
        self, request: httpx.Request, answer: VendorResponse
    ) -> ProviderDownError:
        """Return the error for a response whose content cannot be read."""
        return ProviderDownError(
            say("providers.http.unreadable", name=self.name),
            ambiguous=request.method not in _READS,
            reference=answer.reference,
        )

    def _new_client(self, authorities: str) -> httpx.Client:
        context = tls_context(self._ca_file, authorities)
        backend = DeadlineBackend(is_public_only=self._is_public_only)
        client = httpx.Client(
            transport=Routes(context, self._connections, self._proxy, backend),
            follow_redirects=False,
            headers={"accept-encoding": ACCEPTED},
        )
        weakref.finalize(self, client.close)
        return client

    def _read(self, request: httpx.Request) -> VendorResponse:
        response = self._client.send(request, stream=True)
        try:
            certificate = _certificate(response)  # while the connection is open
            return VendorResponse(
                response.status_code,
                response.headers,
                _content(response),
                response.headers.get("request-id", ""),
                certificate,
            )
        finally:
            response.close()

    def _unreachable(
        self, request: httpx.Request, error: httpx.HTTPError
    ) -> ProviderDownError:
        if isinstance(error, httpx.ProxyError) and self._proxy:
            return ProviderDownError(proxy_trouble(self._proxy, request, error))
        was_sent = not isinstance(error, _NOT_SENT)
        proxy = self._proxy
        is_proxied = proxy is not None and proxy.is_for(str(request.url))
        way = (
            say("providers.http.through_proxy", place=proxy.place)
            if proxy and is_proxied
            else ""
        )
        return ProviderDownError(
            say(
                "providers.http.unreachable",
                name=self.name,
                what_happened=_what_happened(error),
                way=way,
            ),
            ambiguous=was_sent and request.method not in _READS,
        )

    def _raise_if_throttled(self, answer: VendorResponse) -> None:
        status = answer.status
        is_busy = status in {
            HTTPStatus.SERVICE_UNAVAILABLE,
            HTTPStatus.GATEWAY_TIMEOUT,
        }
        asks = is_busy and "retry-after" in answer.headers
        if status == HTTPStatus.TOO_MANY_REQUESTS or asks:
            raise ThrottledError(
                say("providers.http.limited", name=self.name),
                retry_after(answer.headers, self.now()),
                reference=answer.reference,
            )


class _ResponseTooLargeError(httpx.HTTPError):
    """The response exceeds the size limit."""


class _UnreadableError(httpx.HTTPError):
    """The response cannot be decompressed."""


def tls_context(ca_file: Path | None, authorities: str = "") -> ssl.SSLContext:
    """Return a TLS context that trusts the system's and further authorities.

    All clients share the context, because reading the authorities takes 20 ms.

    Args:
        ca_file: File of further authorities.
        authorities: Certificates of further authorities, in PEM form.

    Raises:
        ConfigError: If the file cannot be used.
    """
    is_there = ca_file is not None and ca_file.exists()
    changed = ca_file.stat().st_mtime_ns if ca_file and is_there else 0
    return _read_authorities(ca_file, changed, authorities)


@lru_cache(maxsize=4)
def _read_authorities(
    ca_file: Path | None, changed: int, authorities: str
) -> ssl.SSLContext:
    """Return a new context; ``changed`` is the file's modification time."""
    del changed  # only part of the cache key
    context = ssl.create_default_context()
    if authorities:
        context.load_verify_locations(cadata=authorities)
    if ca_file is not None:
        try:
            context.load_verify_locations(cafile=str(ca_file))
        except OSError as error:  # ssl.SSLError, for malformed content, is one too
            raise ConfigError(
                say("providers.http.ca_file", file=ca_file, why=error.strerror or error)
            ) from error
    return context


def is_below_base(url: str, base: str) -> bool:
    """Whether a URL sent by the provider is under ``base``."""
    target, own = urlsplit(url), urlsplit(base)
    return (target.scheme, target.netloc) == (own.scheme, own.netloc) and (
        target.path.startswith(f"{own.path}/") and ".." not in target.path
    )


def _content(response: httpx.Response) -> bytes:
    announced = response.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > LARGEST_ANSWER:
        raise _ResponseTooLargeError("announced")
    packing = response.headers.get("content-encoding", "")
    try:
        return unpack_content(response.iter_raw(), packing, LARGEST_ANSWER)
    except ContentTooLargeError:
        raise _ResponseTooLargeError("read") from None
    except UnknownPackingError:
        raise _UnreadableError("unpacked") from None


def _certificate(response: httpx.Response) -> bytes:
    stream = response.extensions.get("network_stream")
    line = stream.get_extra_info("ssl_object") if stream else None
    return (line.getpeercert(True) if line else None) or b""


def _what_happened(error: httpx.HTTPError) -> str:
    if isinstance(error, httpx.TimeoutException):
        return say("providers.http.too_slow")
    if isinstance(error, _ResponseTooLargeError):
        return say("providers.http.too_long")
    if isinstance(error, _UnreadableError):
        return say("providers.http.damaged")
    if isinstance(error, httpx.ConnectError):
        return _why_unconnected(str(error))
    return say("providers.http.broke_off")


def _why_unconnected(words: str) -> str:
    if PRIVATE_ADDRESS in words:
        return say("providers.http.private_address")
    if "certificate" in words.lower():
        return say("providers.http.untrusted")
    return say("providers.http.no_connection")


def _log_call(method: str, template: str, outcome: int | str, reference: str) -> None:
    is_fine = isinstance(outcome, int) and outcome < HTTPStatus.BAD_REQUEST
    _log.log(
        logging.DEBUG if is_fine else logging.INFO,
        "%s %s: %s %s",
        method,
        template,
        outcome,
        reference,
    )
