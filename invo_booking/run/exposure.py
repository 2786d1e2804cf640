"""Check whether a public installation is safe.

Host names are not resolved, because a start must not depend on a name server, and
because the addresses of a name may change later.
"""

import resource
import sys
from collections.abc import Iterator
from ipaddress import ip_address
from urllib.parse import urlsplit

from invo_booking.config import Config, ConfigError
from invo_booking.texts import say

SAFE_PYTHONS = {(3, 11): 10, (3, 12): 6}
"""For each minor version of Python, the lowest micro version that unquotes cookies in
linear time (CVE-2024-7592); newer minor versions always do so."""

_LOOPBACK = ("localhost",)
_PRIVATE = ("localhost", "local", "internal", "home.arpa")
"""Top-level names that are not in the public DNS (RFC 6761, 6762, 8375 and ICANN's
resolution 2024.07.29.06)."""


def is_loopback(host: str) -> bool:
    """Whether a host is a loopback address or name."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return _ends_in(host, _LOOPBACK)


def is_public_host(host: str) -> bool:
    """Whether a host may be public; false only if the host is certainly private.

    Loopback, private and link-local addresses are private, and so are names in
    ``_PRIVATE`` and names of one part, such as ``booking``.
    """
    try:
        address = ip_address(host)
    except ValueError:
        name = host.rstrip(".")
        return "." in name and not _ends_in(name, _PRIVATE)
    return not (address.is_private or address.is_link_local or address.is_loopback)


def public_host(config: Config) -> str:
    """Return the host in the public address; empty if the address has no host."""
    return urlsplit(config.public_url).hostname or ""


def is_exposed(config: Config) -> bool:
    """Whether the public address, or the address to listen on, may be public."""
    return is_public_host(public_host(config)) or is_public_host(config.host)


def secure_start(config: Config) -> None:
    """Refuse an unsafe start, and disable core dumps.

    The memory of web processes and workers holds access tokens, passwords and, for a
    moment, agents' own events. Child processes inherit the limit for core dumps.

    Raises:
        ConfigError: As for ``refuse_unsafe_start``.
    """
    refuse_unsafe_start(config)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def refuse_unsafe_start(config: Config) -> None:
    """Refuse to start an unsafe public installation.

    Raises:
        ConfigError: If the start is unsafe; the message has a sentence for each reason.
    """
    if reasons := "\n".join(_reasons(config)):
        raise ConfigError(reasons)


def refuse_demo_people(config: Config, addresses: tuple[str, ...]) -> None:
    """Refuse to start a public installation in which the demo's password works.

    Args:
        config: Configuration of the installation.
        addresses: Email addresses of active people who still have the demo's password.

    Raises:
        ConfigError: If there are such people and the installation is public.
    """
    if addresses and is_exposed(config):
        raise ConfigError(demo_people_sentence(addresses))


def demo_people_sentence(addresses: tuple[str, ...]) -> str:
    """Return a sentence on how to disable the people who remain from the demo."""
    return say(
        "operator.exposure.demo_people",
        number=len(addresses),
        addresses=addresses[0],
    )


def safe_python() -> str:
    """Return the Python version to upgrade to; empty if the current one is safe."""
    least = SAFE_PYTHONS.get(sys.version_info[:2])
    if least is None or sys.version_info[2] >= least:
        return ""
    return ".".join(map(str, (*sys.version_info[:2], least)))


def _reasons(config: Config) -> Iterator[str]:
    host = public_host(config)
    if config.demo and is_exposed(config):
        yield (
            say(
                "operator.exposure.demo_public",
                host=host,
                host_2=config.host,
            )
        )
    if is_public_host(host) and not config.public_url.startswith("https://"):
        yield (say("operator.exposure.unencrypted", public_url=config.public_url))


def _ends_in(name: str, endings: tuple[str, ...]) -> bool:
    plain = name.rstrip(".").lower()
    return any(plain == ending or plain.endswith(f".{ending}") for ending in endings)
