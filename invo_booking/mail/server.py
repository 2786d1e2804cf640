"""Where mail goes: the server, and how it is reached."""

import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from invo_booking.config import Config
from invo_booking.mail.deadline import Deadline
from invo_booking.run import lookup

LOOPBACK = "127.0.0.1"
_NAT64 = ip_network("64:ff9b::/96")


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    """A mail server, and as whom we sign in there.

    Attributes:
        security: ``"none"``, ``"starttls"`` or ``"tls"``; the certificate is always
            checked.
        user: Empty for none.
        anywhere: Whether it may stand inside the own network; what an administrator
            types may not, unless the operator allows it.
    """

    host: str
    port: int
    security: str = "none"
    user: str = ""
    password: str = field(default="", repr=False)
    anywhere: bool = True

    @classmethod
    def of(cls, config: Config) -> "MailServer":
        """Return the operator's server; in a demo, the demo's own mailbox."""
        if config.demo:
            return cls(host=LOOPBACK, port=config.demo_port)
        return cls(
            host=config.smtp_host,
            port=config.smtp_port,
            security=config.smtp_security,
            user=config.smtp_user,
            password=config.smtp_password.get_secret_value(),
        )


class PrivateHostError(OSError):
    """The server is where nobody may send us."""


def connect_to_mail_server(
    server: MailServer, patience: float, deadline: Deadline
) -> socket.socket:
    """Open a connection, to a public address unless the server may be anywhere.

    The name is resolved once, and the address that was judged is the one that is
    called: a name that changes its mind in between leads nowhere else.

    Args:
        server: Which server.
        patience: Seconds for each address that is tried.
        deadline: When all of it has to be over, looking up the name included.

    Raises:
        PrivateHostError: If none of its addresses is public.
        OSError: If it cannot be reached.
    """
    failure: OSError = PrivateHostError("no public address")
    for address in _addresses(server, deadline):
        try:
            wait = min(patience, deadline.seconds_left())
            return socket.create_connection((address, server.port), wait)
        except OSError as error:
            failure = error
    raise failure


def _addresses(server: MailServer, deadline: Deadline) -> Iterator[str]:
    for address in lookup.server_addresses(
        server.host, server.port, deadline.seconds_left()
    ):
        if server.anywhere or is_public_address(address):
            yield address


def is_public_address(address: str) -> bool:
    """Whether an IP address belongs to the open internet."""
    parsed = _embedded_ipv4(ip_address(address.partition("%")[0]))
    return parsed.is_global and not parsed.is_multicast


def _embedded_ipv4(parsed: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """Return the IPv4 address that some IPv6 addresses merely stand for."""
    if isinstance(parsed, IPv4Address):
        return parsed
    if parsed in _NAT64:
        return IPv4Address(int(parsed) & 0xFFFF_FFFF)
    return parsed.ipv4_mapped or parsed.sixtofour or parsed
