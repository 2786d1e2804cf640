"""Determine the client address of a request."""

import logging
import re
import secrets
from ipaddress import ip_address

from starlette.datastructures import Headers
from starlette.types import Scope

from invo_booking.config import Config
from invo_booking.domain.access.caller import (
    REQUEST_ID,
    Caller,
    Interface,
    parse_address,
)
from invo_booking.run.log_budget import LogBudget

_log = logging.getLogger(__name__)
_budget = LogBudget(most=1, within=600.0)
_WITH_PORT = re.compile(r"\[([^\]]*)\](?::\d{1,5})?|([^:]+):\d{1,5}")
"""An address in brackets or with a port, or both."""

UNKNOWN = "unknown"
FORWARDED = "x-forwarded-for"


def client_address_of_request(scope: Scope, trusted_proxy_hops: int) -> str:
    """Return the client's IP address, or ``UNKNOWN``.

    Each proxy appends the address of its client to ``X-Forwarded-For``. So with ``n``
    proxies of our own, only the n-th entry from the right is reliable; the client can
    forge the entries to its left. With no proxy the header is ignored. If the entry
    that our own proxy wrote is no address, the proxy's address is returned.
    """
    peer = str((scope.get("client") or (UNKNOWN,))[0])
    entry = _reliable_entry(scope, trusted_proxy_hops)
    if entry is None:
        return _canonical(peer) or peer
    return _canonical(entry) or _address_for_all_clients(_canonical(peer) or peer)


def caller_of(scope: Scope, config: Config) -> Caller:
    """Return who calls a route: the client's address and the id of the request."""
    return Caller(
        interface=Interface.API,
        address=client_address_of_request(scope, config.trusted_proxy_hops),
        request_id=scope.get(REQUEST_ID) or secrets.token_hex(8),
    )


def is_inside_networks(scope: Scope, trusted_proxy_hops: int) -> bool:
    """Whether the client has a private or loopback address.

    False if the request came through a proxy that is not counted in the configuration,
    or that writes no IP address.
    """
    if trusted_proxy_hops == 0 and FORWARDED in Headers(scope=scope):
        return False
    entry = _reliable_entry(scope, trusted_proxy_hops)
    if entry is not None and not _canonical(entry):
        return False
    try:
        address = ip_address(client_address_of_request(scope, trusted_proxy_hops))
    except ValueError:
        return False
    return address.is_private or address.is_loopback


def _reliable_entry(scope: Scope, trusted_proxy_hops: int) -> str | None:
    """Return the entry that our own proxy wrote about its client, if there is one."""
    if trusted_proxy_hops == 0:
        return None
    lines = Headers(scope=scope).getlist(FORWARDED)
    entries = [entry.strip() for line in lines for entry in line.split(",")]
    if len(entries) < trusted_proxy_hops:
        return None
    return entries[-trusted_proxy_hops]


def _canonical(text: str) -> str:
    """Return an IP address in one spelling, without a port; empty if it is no address.

    Azure Application Gateway writes ``203.0.113.7:51324``, and load balancers of AWS
    do so if they are configured to preserve the client's port.
    """
    match = _WITH_PORT.fullmatch(text)
    try:
        return str(parse_address(match[1] or match[2] if match else text))
    except ValueError:
        return ""


def _address_for_all_clients(proxy: str) -> str:
    """Return the proxy's address; log that its clients cannot be distinguished."""
    if _budget.is_left():
        _log.warning(
            "X-Forwarded-For of a proxy has an entry that is no address, so limits "
            "count all its clients together",
            extra={"proxy": proxy},
        )
    return proxy
