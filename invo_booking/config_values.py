"""Parse and check the values of the operator's environment variables."""

import base64
import binascii
import re
from collections.abc import Mapping
from email.errors import MessageError
from email.headerregistry import Address
from ipaddress import ip_address
from typing import Annotated, Any
from urllib.parse import urlsplit

import idna
from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    SecretBytes,
    ValidationError,
)
from pydantic_settings import NoDecode

KEY_BYTES = 32
_USUAL_PORTS = {"http": 80, "https": 443}


def _postgres_address(text: str) -> str:
    if not text:
        return ""
    scheme, separator, rest = text.partition("://")
    if not separator or scheme not in {
        "postgresql",
        "postgres",
        "postgresql+psycopg",
    }:
        raise ValueError("must start with postgresql://")
    return f"postgresql+psycopg://{rest}"


def _redis_address(text: str) -> str:
    if text and not text.startswith(("redis://", "rediss://")):
        raise ValueError("must start with redis:// or rediss://")
    if not re.fullmatch("[0-9]{0,4}", urlsplit(text).path.strip("/")):
        raise ValueError("must end in the number of a database, such as /0, or none")
    return text


def database_after(redis_url: str, further: int) -> str:
    """Return the address of a Redis database whose number is higher by ``further``."""
    if not redis_url:
        return ""
    parts = urlsplit(redis_url)
    number = int(parts.path.strip("/") or 0) + further
    return parts._replace(path=f"/{number}").geturl()


def _web_address(text: str) -> str:
    if not text:
        return ""
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("must be a whole address such as https://booking.example")
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise ValueError("must be an address without a path, such as https://b.example")
    if parts.username is not None or parts.password is not None:
        raise ValueError("must be an address without a user and a password")
    is_usual = parts.port in {None, _USUAL_PORTS[parts.scheme]}
    port = "" if is_usual else f":{parts.port}"
    return f"{parts.scheme}://{_host_in_origins(parts.hostname)}{port}"


def _host_in_origins(host: str) -> str:
    """Return a host as browsers write it in ``Origin``, to compare it with that header.

    Source:
        https://url.spec.whatwg.org/#concept-domain-to-ascii
    """
    try:
        address = ip_address(host)
    except ValueError:
        pass
    else:
        return f"[{address}]" if address.version == 6 else str(address)  # noqa: PLR2004
    name = host.rstrip(".").lower()
    if name.isascii():
        return name
    try:
        return idna.encode(name, uts46=True).decode("ascii")
    except idna.IDNAError:
        raise ValueError("has a host name that does not exist") from None


def _base_address(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme != "https" or not parts.hostname:
        raise ValueError("must be a whole address such as https://graph.example")
    return text.rstrip("/")


def _mail_address(text: str) -> str:
    try:
        is_whole = not text or "." in Address(addr_spec=text).domain
    except (ValueError, IndexError, MessageError):
        is_whole = False
    if not is_whole:
        raise ValueError("must be an address such as appointments@bank.example")
    return text


def require_protected_password(values: Mapping[str, Any]) -> None:
    """Refuse a password that would be sent unencrypted to a remote mail server.

    Args:
        values: The fields ``smtp_host`` and ``smtp_security``, unless they are invalid.

    Raises:
        ValueError: If the password would be sent unencrypted.
    """
    host = values.get("smtp_host", "")
    if values.get("smtp_security") == "none" and host and not _is_loopback(host):
        raise ValueError(
            "must be empty if INVO_SMTP_SECURITY is none, because the password would "
            "be sent unencrypted. Set INVO_SMTP_SECURITY to starttls or tls"
        )


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def sentences_of(error: ValidationError, prefix: str) -> str:
    """Return one line for each invalid variable, without the variable's value.

    Args:
        error: The errors that pydantic found.
        prefix: Beginning of the name of each variable.
    """
    lines: list[str] = []
    for problem in error.errors(include_url=False, include_input=False):
        name = f"{prefix}{'.'.join(map(str, problem['loc']))}".upper()
        what = problem["msg"].removeprefix("Value error, ")
        lines.append(f"{name} {_as_clause(what)}.")
    return "\n".join(lines)


def _as_clause(message: str) -> str:
    clause = message.removeprefix("Input ")
    return clause[:1].lower() + clause[1:]


def decode_key(text: str) -> bytes:
    """Return the bytes of a secret key in hexadecimal or base64.

    Raises:
        ValueError: If the text is malformed or the key is not ``KEY_BYTES`` long.
    """
    for decode in (bytes.fromhex, lambda value: base64.b64decode(value, validate=True)):
        try:
            key = decode(text.strip())
        except (ValueError, binascii.Error):
            continue
        if len(key) == KEY_BYTES:
            return key
    raise ValueError("each key must be 32 bytes, written in hexadecimal or base64")


def _secret_keys(value: object) -> object:
    if not isinstance(value, str):
        return value
    keys: dict[str, SecretBytes] = {}
    for entry in filter(None, (part.strip() for part in value.split(","))):
        key_id, separator, text = entry.partition(":")
        if not separator or not key_id.isidentifier() or key_id in keys:
            raise ValueError("must read id:key,id:key with a different word as each id")
        keys[key_id] = SecretBytes(decode_key(text))
    return keys


PostgresAddress = Annotated[str, AfterValidator(_postgres_address)]
RedisAddress = Annotated[str, AfterValidator(_redis_address)]
WebAddress = Annotated[str, AfterValidator(_web_address)]
MailAddress = Annotated[str, AfterValidator(_mail_address)]
BaseAddress = Annotated[str, AfterValidator(_base_address)]
Port = Annotated[int, Field(ge=1, le=65535)]
SecretKeys = Annotated[dict[str, SecretBytes], NoDecode, BeforeValidator(_secret_keys)]
