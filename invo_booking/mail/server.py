"""Describe the mail server and connect to it."""

import socket
from collections.abc import Iterator
from dataclasses import dataclass, field

from invo_booking.config import Config
from invo_booking.mail.deadline import Deadline
from invo_booking.run import lookup

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    """A mail server with the account to use.

    Attributes:
        security: ``"none"``, ``"starttls"`` or ``"tls"``; the certificate is always
            verified.
        user: User name; may be empty.
        anywhere: Whether it may be inside the private network; not allowed for an
            administrator's server unless the operator permits it.
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
    """The server has no public address."""


def connect_to_mail_server(
    server: MailServer, patience: float, deadline: Deadline
) -> socket.socket:
    """Connect to a public address, unless the server may be anywhere.

    The name is resolved once and the checked address is used, so that a changing DNS
    answer cannot lead elsewhere.

    Args:
        server: The server.
        patience: Seconds for each tried address.
        deadline: Deadline for everything, including the name lookup.

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
    for address in lookup.lookup_server_addresses(
        server.host, server.port, deadline.seconds_left()
    ):
        if server.anywhere or lookup.is_public_address(address):
            yield address
