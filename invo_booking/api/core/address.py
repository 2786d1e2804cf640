"""Determine the client address of a request."""

import secrets
from functools import cache
from ipaddress import ip_address

import structlog
from starlette.datastructures import Headers
from starlette.types import Scope

from invo_booking.config import Config
from invo_booking.domain.access.caller import (
    REQUEST_ID,
    Caller,
    Interface,
    parse_address,
)

log = structlog.get_logger(__name__)

UNKNOWN = "unknown"
FORWARDED = "x-forwarded-for"


def client_address_of_request(scope: Scope, trusted_proxy_hops: int) -> str:
    """Return the client's IP address, or ``UNKNOWN``.

    Each proxy appends the address of its client to ``X-Forwarded-For``. So with ``n``
    proxies of our own, only the n-th entry from the right is reliable; the client can
    forge the entries to its left. With no proxy the header is ignored.
    """
    peer = (scope.get("client") or (UNKNOWN,))[0]
    if trusted_proxy_hops == 0:
        return _canonical(str(peer), str(peer))
    entries = _forwarded_addresses(scope)
    if len(entries) < trusted_proxy_hops:
        return _canonical(str(peer), str(peer))
    address = _canonical(_without_port(entries[-trusted_proxy_hops]))
    if address == UNKNOWN:
        _warn_of_unreadable_address()
    return address


def caller_of(scope: Scope, config: Config) -> Caller:
    """Return who calls a route: the client's address and the id of the request."""
    return Caller(
        interface=Interface.API,
        address=client_address_of_request(scope, config.trusted_proxy_hops),
        request_id=scope.get(REQUEST_ID) or secrets.token_hex(8),
    )


def is_inside_networks(scope: Scope, trusted_proxy_hops: int) -> bool:
    """Whether the client has a private or loopback address.

    False if the request came through a proxy that the configuration does not count.
    """
    if trusted_proxy_hops == 0 and FORWARDED in Headers(scope=scope):
        return False
    try:
        address = ip_address(client_address_of_request(scope, trusted_proxy_hops))
    except ValueError:
        return False
    return address.is_private or address.is_loopback


def _forwarded_addresses(scope: Scope) -> list[str]:
    lines = Headers(scope=scope).getlist(FORWARDED)
    return [entry.strip() for line in lines for entry in line.split(",")]


def _without_port(entry: str) -> str:
    """Return the address of an entry; some proxies add the client's port.

    Source:
        Azure Application Gateway writes ``203.0.113.7:51324``, and RFC 7239 §6 an IPv6
        address as ``[2001:db8::1]:4711``.
    """
    if entry.startswith("["):
        return entry[1:].partition("]")[0]
    host, colon, port = entry.partition(":")
    return host if colon and port.isdecimal() else entry


@cache
def _warn_of_unreadable_address() -> None:
    """Write to the log, once, that clients of the proxy cannot be told apart."""
    log.warning("proxy_wrote_no_address", header=FORWARDED)


def _canonical(text: str, otherwise: str = UNKNOWN) -> str:
    try:
        return str(parse_address(text))
    except ValueError:
        return otherwise
