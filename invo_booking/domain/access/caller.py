"""Where an intention comes from: through which interface, and from which address."""

from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from invo_booking.domain.access.scopes import Program

ADDRESS = "invo.address"
"""In the scope of a request: the address it comes from."""

REQUEST_ID = "invo.request_id"
"""In the scope of a request: its name in the log and in the audit log."""


class Interface(StrEnum):
    """Through what the product was asked."""

    PAGE = "page"
    API = "api"
    COMMAND_LINE = "command line"
    BACKGROUND = "background"
    """The worker's own tasks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who asks, as far as the connection tells; the signed-in person is ``Actor``.

    Attributes:
        address: IP address the request comes from; empty for our own processes.
        request_id: Names the request in the log and in the audit log.
        program: The program that asks, if one identified itself.
    """

    interface: Interface
    address: str = ""
    request_id: str = ""
    program: Program | None = None

    @property
    def network(self) -> str:
        """What limits count by: a program's token, else the address (IPv6: its /64)."""
        if self.program is not None:
            return f"token {self.program.token}"
        return network_of(self.address)


BACKGROUND = Caller(interface=Interface.BACKGROUND)


def parse_address(address: str) -> IPv4Address | IPv6Address:
    """Return an IP address; one of IPv4 as such, also where IPv6 stands for it.

    Servers that listen on both name a caller of IPv4 ``::ffff:192.0.2.1``.

    Raises:
        ValueError: If it is none.
    """
    parsed = ip_address(address)
    mapped = parsed.ipv4_mapped if isinstance(parsed, IPv6Address) else None
    return mapped or parsed


def shorten_address(address: str) -> str:
    """Return an address cut to /24, or /48 for IPv6: no longer one household's."""
    try:
        parsed = parse_address(address)
    except ValueError:
        return ""
    prefix = 48 if isinstance(parsed, IPv6Address) else 24
    return str(ip_network((parsed, prefix), strict=False))


def network_of(address: str) -> str:
    """Return what to count by: an IPv6 household owns a whole /64, not one address."""
    try:
        parsed = parse_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address):
        return str(ip_network((parsed, 64), strict=False))
    return str(parsed)
