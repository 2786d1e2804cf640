"""Define fields for providers' credentials and servers."""

import json
import re
from base64 import b64decode
from datetime import date
from ipaddress import ip_address
from textwrap import wrap
from typing import Any, cast
from urllib.parse import urlsplit

from cryptography.x509 import load_der_x509_certificate

from invo_booking.domain import contact
from invo_booking.settings.spec import Field, SettingKind

EWS_PATH = "/EWS/Exchange.asmx"
LONGEST_ADDRESS = 300
LONGEST_SERVICE_ACCOUNT = 4_000

_BEGIN, _END = "-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----"
_CERTIFICATE = re.compile(rf"{_BEGIN}([A-Za-z0-9+/=\s]+){_END}", re.ASCII)
_PEM_WIDTH = 64
_LABEL = r"(?!-)[a-z0-9-]{1,63}(?<!-)"
_HOST = re.compile(rf"{_LABEL}(\.{_LABEL})*\.?", re.IGNORECASE | re.ASCII)
_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_EXCHANGE_ONLINE = re.compile(
    r"(.+\.)?(outlook\.(com|office\.com|office\.de|office365\.(com|us))"
    r"|partner\.outlook\.cn|office365\.(com|us))\.?",
    re.IGNORECASE,
)


def host_name_setting_field() -> Field[str]:
    """Return a field for an optional server name or IP address."""
    return Field(kind=SettingKind.ADDRESS, parse=_host_or_nothing, show=str)


def ews_address_setting_field() -> Field[str]:
    """Return a field for an optional URL of Exchange Web Services (EWS).

    A server name without path is completed to the standard URL. Servers of Exchange
    Online are refused, because Exchange Online no longer offers EWS.
    """
    return Field(kind=SettingKind.ADDRESS, parse=_ews_address, show=str)


def date_setting_field() -> Field[str]:
    """Return a field for an optional ISO 8601 date."""
    return Field(kind=SettingKind.TEXT, parse=_date_text, show=str)


def guid_setting_field() -> Field[str]:
    """Return a field for an optional Microsoft GUID."""
    return Field(kind=SettingKind.TEXT, parse=_guid, show=str)


def tenant_setting_field() -> Field[str]:
    """Return a field for an optional Microsoft tenant: its id or domain."""
    return Field(kind=SettingKind.TEXT, parse=_tenant, show=str)


def service_account_setting_field() -> Field[str]:
    """Return a field for the JSON key of a Google service account.

    The key is never shown again.
    """
    return Field(kind=SettingKind.SECRET, parse=_service_account, show=str)


def certificate_setting_field() -> Field[str]:
    """Return a field for optional certificates in PEM form, in a single line."""
    return Field(kind=SettingKind.TEXT, parse=_certificates, show=str)


def pem_of(certificates: str) -> str:
    """Return the certificates in a field's value in the form of a PEM file."""
    return "\n".join(
        "\n".join((_BEGIN, *wrap(body.strip(), _PEM_WIDTH), _END))
        for body in _CERTIFICATE.findall(certificates)
    )


def _certificates(text: str) -> str:
    typed = contact.without_marks(text).strip()
    if not typed:
        return ""
    bodies = ["".join(it.split()) for it in _CERTIFICATE.findall(typed)]
    is_whole = not _CERTIFICATE.sub("", typed).strip()
    if not bodies or not is_whole or not all(map(_is_certificate, bodies)):
        raise ValueError(
            f"Paste the whole certificate of the authority, from {_BEGIN} to {_END}."
        )
    return " ".join(f"{_BEGIN} {body} {_END}" for body in bodies)


def _is_certificate(body: str) -> bool:
    try:
        load_der_x509_certificate(b64decode(body, validate=True))
    except ValueError:
        return False
    return True


def _host_or_nothing(text: str) -> str:
    host = contact.plain_text(text).lower()
    if host and not _is_host(host):
        raise ValueError("Enter only the server's name, such as mail.bank.example.")
    return host


def _is_host(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        named = len(text) <= 253 and bool(_HOST.fullmatch(text))  # noqa: PLR2004 - DNS
        return named and not text.rstrip(".").rpartition(".")[2].isdecimal()
    return True


def _ews_address(text: str) -> str:
    typed = contact.plain_text(text)
    if not typed:
        return ""
    parts = _split(typed if "://" in typed else f"https://{typed}")
    if parts is None:
        raise ValueError(
            f"Enter an address such as https://mail.bank.example{EWS_PATH}."
        )
    scheme, host, path = parts
    if scheme != "https":
        raise ValueError("Enter an address that begins with https://.")
    if _EXCHANGE_ONLINE.fullmatch(host.partition(":")[0]):
        raise ValueError(
            "This is Exchange Online, where Microsoft switches these services off, "
            "finally on April 1, 2027. Choose Outlook 365 as the provider and fill in "
            "its fields instead."
        )
    return f"https://{host}{path if path.strip('/') else EWS_PATH}"


def _split(address: str) -> tuple[str, str, str] | None:
    """Return a URL's scheme, host with port, and path; ``None`` for any other URL."""
    if len(address) > LONGEST_ADDRESS or not address.isprintable() or " " in address:
        return None
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return None
    host = parts.hostname or ""
    extra = parts.query or parts.fragment or "@" in parts.netloc
    if extra or not _is_host(host):
        return None
    bracketed = f"[{host}]" if ":" in host else host
    return parts.scheme, f"{bracketed}:{port}" if port else bracketed, parts.path


def _date_text(text: str) -> str:
    typed = contact.plain_text(text)
    try:
        return date.fromisoformat(typed).isoformat() if typed else ""
    except ValueError:
        raise ValueError("Enter year, month and day, such as 2028-11-21.") from None


def _guid(text: str) -> str:
    typed = contact.plain_text(text).lower()
    if typed and not _GUID.fullmatch(typed):
        raise ValueError(
            "Copy the whole ID, such as 1b4e28ba-2fa1-11d2-883f-0016d3cca427."
        )
    return typed


def _tenant(text: str) -> str:
    typed = contact.plain_text(text).lower()
    is_domain = bool(_HOST.fullmatch(typed)) and "." in typed
    if typed and not _GUID.fullmatch(typed) and not is_domain:
        raise ValueError(
            "Enter the tenant's ID or its domain, such as bank.onmicrosoft.com."
        )
    return typed


def _service_account(text: str) -> str:
    typed = contact.without_marks(text).strip()
    if not typed:
        return ""
    key = _json_object(typed)
    fields = ("client_email", "private_key", "token_uri")
    has_all = all(isinstance(key.get(name), str) for name in fields)
    if key.get("type") != "service_account" or not has_all:
        raise ValueError(
            "Paste the whole JSON key file of the service account, from { to }."
        )
    return json.dumps(key, separators=(",", ":"))


def _json_object(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text) if len(text) <= LONGEST_SERVICE_ACCOUNT else None
    except (ValueError, RecursionError):
        value = None
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}
