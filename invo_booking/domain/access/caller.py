"""Describe the caller of a request: interface, address and program."""

from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from invo_booking.domain.access.scopes import Program

ADDRESS = "invo.address"
"""Key under which a request's ASGI scope holds the caller's address."""

REQUEST_ID = "invo.request_id"
"""Key under which a request's ASGI scope holds the request id. Entries of the log and
of the audit log contain this id."""


class Interface(StrEnum):
    """The interface through which a request arrives."""

    PAGE = "page"
    API = "api"
    COMMAND_LINE = "command line"
    BACKGROUND = "background"
    """The worker's own tasks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """The origin of a request; the signed-in person is described by an ``Actor``.

    Attributes:
        address: IP address of the client; empty for the product's own processes.
        request_id: Id of the request in the log and in the audit log.
        program: The program whose token the request carries; ``None`` for other
            requests.
    """

    interface: Interface
    address: str = ""
    request_id: str = ""
    program: Program | None = None

    @property
    def network(self) -> str:
        """Key under which rate limits count the caller's requests.

        A program is counted by its token, any other caller by IPv4 address or IPv6 /64.
        """
        if self.program is not None:
            return f"token {self.program.token}"
        return network_of(self.address)


BACKGROUND = Caller(interface=Interface.BACKGROUND)


def parse_address(address: str) -> IPv4Address | IPv6Address:
    """Return an IP address, unwrapping IPv4 addresses that are mapped to IPv6.

    A server that listens on IPv4 and IPv6 reports an IPv4 client as
    ``::ffff:192.0.2.1``.

    Raises:
        ValueError: If the text is not an IP address.
    """
    parsed = ip_address(address)
    mapped = parsed.ipv4_mapped if isinstance(parsed, IPv6Address) else None
    return mapped or parsed


def shorten_address(address: str) -> str:
    """Return the /24 network of an IPv4 address or the /48 network of an IPv6 address.

    The result is empty if the text is not an IP address.
    """
    try:
        parsed = parse_address(address)
    except ValueError:
        return ""
    prefix = 48 if isinstance(parsed, IPv6Address) else 24
    return str(ip_network((parsed, prefix), strict=False))


def network_of(address: str) -> str:
    """Return the IPv4 address or IPv6 /64 network by which rate limits count requests.

    A household usually has a whole IPv6 /64, so its addresses are counted together.
    Text that is not an IP address is returned unchanged.
    """
    try:
        parsed = parse_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address):
        return str(ip_network((parsed, 64), strict=False))
    return str(parsed)
