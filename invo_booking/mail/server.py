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
        anywhere: Whether the server may have a private address. For a server set by an
            administrator, this is true only if the operator permits private addresses.
    """

    host: str
    port: int
    security: str = "none"
    user: str = ""
    password: str = field(default="", repr=False)
    anywhere: bool = True

    @classmethod
    def of(cls, config: Config) -> "MailServer":
        """Return the operator's server; in a demo, the demo's own server."""
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
    """The server must have a public address, but has none."""


def connect_to_mail_server(
    server: MailServer, patience: float, deadline: Deadline
) -> socket.socket:
    """Connect to the server, only at a public address unless ``server.anywhere``.

    The name is looked up only once, and the connection goes to the address that was
    checked. So a later DNS response cannot lead to a private address.

    Args:
        server: The server.
        patience: Longest wait for each of the server's addresses, in seconds.
        deadline: Deadline for the whole connection attempt, including the name lookup.

    Raises:
        PrivateHostError: If none of the server's addresses is public, but must be.
        OSError: If the server cannot be reached.
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
