"""Read which forward proxy a server has to use to reach the internet.

``INVO_HTTPS_PROXY`` contains the proxy's URL; if the variable is empty, ``HTTPS_PROXY``
is used. ``NO_PROXY`` lists the hosts that are reached directly. This machine itself is
always reached directly.

Source:
    curl's manual on NO_PROXY, and Go's ``net/http`` on the host names in NO_PROXY;
    there is no standard.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address, ip_network
from urllib.parse import unquote, urlsplit

from invo_booking.config import ConfigError
from invo_booking.texts import say

_HTTPS_PORT = 443
_PORTS = {"http": 8080, "https": 443}


@dataclass(frozen=True, slots=True)
class ForwardProxy:
    """A proxy, and the hosts that are reached without it.

    Attributes:
        address: URL with scheme and port, without user and password.
        user: Empty if the proxy requires no sign-in.
        exceptions: Host names, networks and domain suffixes that are reached directly,
            in lower case; ``*`` stands for all hosts.
    """

    address: str
    user: str = ""
    password: str = field(default="", repr=False)
    exceptions: tuple[str, ...] = ()

    @property
    def place(self) -> str:
        """Host and port of the proxy, for error messages."""
        return self.address.partition("://")[2]

    @property
    def login(self) -> tuple[str, str] | None:
        """User and password; ``None`` if the proxy requires no sign-in."""
        return (self.user, self.password) if self.user else None

    def is_for(self, url: str) -> bool:
        """Whether a URL is reached through the proxy."""
        parts = urlsplit(url)
        host = (parts.hostname or "").rstrip(".")
        if _is_this_machine(host):
            return False
        port = parts.port or _HTTPS_PORT
        return not any(_is_meant(rule, host, port) for rule in self.exceptions)


def forward_proxy(url: str, environment: Mapping[str, str]) -> ForwardProxy | None:
    """Return the proxy a server has to use; ``None`` if it has none.

    Args:
        url: Value of ``INVO_HTTPS_PROXY``; empty if it is not set.
        environment: Environment variables, for ``HTTPS_PROXY`` and ``NO_PROXY``.

    Raises:
        ConfigError: If the proxy's URL cannot be used. The message does not quote the
            URL, which may contain a password.
    """
    usual = environment.get("HTTPS_PROXY") or environment.get("https_proxy") or ""
    text = (url or usual).strip()
    if not text:
        return None
    name = "INVO_HTTPS_PROXY" if url else "HTTPS_PROXY"
    parts = urlsplit(text if "://" in text else f"http://{text}")
    try:
        usual_port = _PORTS[parts.scheme]
        port = parts.port or usual_port
        host = parts.hostname or ""
    except (KeyError, ValueError):
        host, port = "", 0
    if not host:
        raise ConfigError(say("providers.proxy.invalid", name=name))
    shown = f"[{host}]" if ":" in host else host
    listed = environment.get("NO_PROXY") or environment.get("no_proxy") or ""
    return ForwardProxy(
        f"{parts.scheme}://{shown}:{port}",
        unquote(parts.username or ""),
        unquote(parts.password or ""),
        tuple(rule.strip().lower() for rule in listed.split(",") if rule.strip()),
    )


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _is_meant(rule: str, host: str, port: int) -> bool:
    """Whether an entry of ``NO_PROXY`` applies to a host and port."""
    if rule == "*":
        return True
    try:
        return ip_address(host) in ip_network(rule, strict=False)
    except ValueError:
        name, _, only = rule.rpartition(":") if rule.count(":") == 1 else (rule, "", "")
    domain = name.removeprefix("*").strip(".")
    is_inside = host == domain or host.endswith(f".{domain}")
    return bool(domain) and is_inside and only in {"", str(port)}
