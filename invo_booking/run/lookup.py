"""Look up a server's addresses with a time limit."""

import queue
import socket
import threading
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

_NAT64 = ip_network("64:ff9b::/96")
_LOCAL_NAT64 = ip_network("64:ff9b:1::/48")
"""Prefix for gateways within one network, which may lead to private addresses (RFC
8215). Python versions before 3.11.10 treat these addresses as public."""


def lookup_server_addresses(host: str, port: int, seconds: float) -> list[str]:
    """Return a server's IP addresses, each once, in the system's order of preference.

    Args:
        host: Host name or IP address.
        port: Port of the server.
        seconds: Time limit.

    Raises:
        TimeoutError: If the name server does not answer in time.
        OSError: If the name is unknown.
    """
    answer: queue.SimpleQueue[list[str] | OSError] = queue.SimpleQueue()

    def ask() -> None:
        try:
            entries = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            answer.put([str(entry[4][0]) for entry in entries])
        except OSError as error:
            answer.put(error)
        except UnicodeError:
            answer.put(socket.gaierror(socket.EAI_NONAME, "this is not a valid name"))

    threading.Thread(target=ask, name="lookup", daemon=True).start()
    try:
        addresses = answer.get(timeout=seconds)
    except queue.Empty:
        raise TimeoutError("the name was not resolved in time") from None
    if isinstance(addresses, OSError):
        raise addresses
    return list(dict.fromkeys(addresses))


def is_public_address(address: str) -> bool:
    """Whether an IP address is public."""
    parsed = _embedded_ipv4(ip_address(address.partition("%")[0]))
    if parsed.version == 6 and parsed in _LOCAL_NAT64:  # noqa: PLR2004
        return False
    return parsed.is_global and not parsed.is_multicast


def _embedded_ipv4(parsed: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """Return the IPv4 address embedded in an IPv6 address, if any."""
    if isinstance(parsed, IPv4Address):
        return parsed
    if parsed in _NAT64:
        return IPv4Address(int(parsed) & 0xFFFF_FFFF)
    return parsed.ipv4_mapped or parsed.sixtofour or parsed
