"""Parse and check the values of the operator's environment variables."""

import base64
import binascii
import re
from email.errors import MessageError
from email.headerregistry import Address
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretBytes
from pydantic_settings import NoDecode

KEY_BYTES = 32


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
    """Return the address of the Redis database with a number ``further`` higher."""
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
    return f"{parts.scheme}://{parts.netloc}"


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
