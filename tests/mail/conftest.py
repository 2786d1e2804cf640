"""Facts and a real mail server for the tests of mail."""

# ruff: noqa: ARG002, N802 - aiosmtpd finds its hooks by name and signature

import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import NameOID

from invo_booking.config import Config, load_config
from invo_booking.domain.appointment import Appointment, Channel, Customer, Status
from invo_booking.domain.branches import Branch
from invo_booking.domain.institution import Institution
from invo_booking.mail.messages import MailFacts
from tests.support.servers import free_port

AGREED = datetime(2026, 11, 22, 15, 4, 30, 123456, tzinfo=UTC)
HARBOR = Institution(
    name="Harbor Federal Credit Union",
    tagline="",
    phone="312 555 0100",
    zone=ZoneInfo("America/Chicago"),
    country="US",
    revision=1,
)


DENVER = Branch(
    id=UUID(int=9),
    name="Union Station",
    street=("1701 Wynkoop Street",),
    town="Denver",
    region="CO",
    postal_code="80202",
    country="US",
    phone="303 555 0177",
    directions="Next to the flower shop.",
    zone=ZoneInfo("America/Denver"),
    latitude=39.7527,
    longitude=-105.0006,
)


def make_appointment(**changes: Any) -> Appointment:
    customer = Customer(
        name="Ana Lima",
        email="ana@customer.example",
        phone="+13125550142",
        time_zone="America/Chicago",
        locale="en-US",
    )
    about_customer = {
        key: changes.pop(key)
        for key in ("name", "email", "phone", "time_zone", "locale")
        if key in changes
    }
    made = Appointment(
        id=UUID("018f3c5e-0000-7000-8000-000000000001"),
        status=Status.CONFIRMED,
        answer_id=None,
        title="Mortgage advice",
        queue_id=UUID(int=2),
        language="en",
        channel=Channel.VIDEO,
        starts_at=datetime(2026, 11, 24, 16, 15, tzinfo=UTC),
        ends_at=datetime(2026, 11, 24, 16, 45, tzinfo=UTC),
        customer=replace(customer, **about_customer),
        requested_at=AGREED,
        confirmed_at=AGREED,
    )
    return replace(made, **changes)


def make_facts(appointment: Appointment, **changes: Any) -> MailFacts:
    about_institution = {
        key: changes.pop(f"institution_{key}")
        for key in ("name", "phone")
        if f"institution_{key}" in changes
    }
    known = MailFacts(
        appointment=appointment,
        institution=replace(HARBOR, **about_institution),
        organizer_email="appointments@harbor.example",
        agent_name="Marcus Bell",
        queue_name="Home lending",
        documents=("Photo ID", "Your last two pay slips"),
        status_url="https://booking.harbor.example/a/Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6",
        limit_url="https://booking.harbor.example/a/cXV4Zm9vYmFyYmF6cXV4Zm9v/limit",
    )
    return replace(known, **changes)


@pytest.fixture
def denver() -> Branch:
    """Return a branch in another zone than the institution."""
    return DENVER


@pytest.fixture
def appointment() -> Callable[..., Appointment]:
    return make_appointment


@pytest.fixture
def facts() -> Callable[..., MailFacts]:
    return make_facts


@dataclass
class MailServer:
    """A mail server on loopback that answers as it is told to."""

    answers: dict[str, str] = field(default_factory=dict)
    received: list[Envelope] = field(default_factory=list)
    port: int = 0

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address, options
    ) -> str:
        envelope.mail_from = address
        return self.answers.get("MAIL", "250 OK")

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address, options
    ) -> str:
        if "RCPT" in self.answers:
            return self.answers["RCPT"]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        if "DATA" in self.answers:
            return self.answers["DATA"]
        self.received.append(envelope)
        return "250 Taken"

    async def handle_QUIT(
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        return self.answers.get("QUIT", "221 Bye")


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    told = MailServer()
    controller = Controller(told, hostname="127.0.0.1", port=free_port())
    controller.start()
    told.port = controller.port
    yield told
    controller.stop()


@pytest.fixture
def mail_config(tmp_path) -> Callable[..., Config]:
    def configured(port: int, **variables: str) -> Config:
        return load_config(
            {
                "INVO_DATA_DIR": str(tmp_path / "data"),
                "INVO_SMTP_HOST": "127.0.0.1",
                "INVO_SMTP_PORT": str(port),
                "INVO_SMTP_SECURITY": "none",
                **variables,
            }
        )

    return configured


@pytest.fixture
def unused_port() -> int:
    return free_port()


@dataclass(frozen=True)
class Certificate:
    """A certificate for ``localhost`` that vouches for itself."""

    public: Path
    private: Path


@pytest.fixture(scope="session")
def certificate(tmp_path_factory) -> Certificate:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2099, 1, 1, tzinfo=UTC))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    folder = tmp_path_factory.mktemp("certificate")
    paths = Certificate(folder / "public.pem", folder / "private.pem")
    paths.public.write_bytes(made.public_bytes(Encoding.PEM))
    paths.private.write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    return paths


@pytest.fixture
def sealed_server(certificate) -> Iterator[MailServer]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate.public, certificate.private)
    told = MailServer()
    controller = Controller(
        told,
        hostname="127.0.0.1",
        port=free_port(),
        tls_context=context,
        require_starttls=True,
    )
    controller.start()
    told.port = controller.port
    yield told
    controller.stop()


class Elements(HTMLParser):
    """Everything of a page that could act, and the words it shows."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.words: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data):
        if self.tags[-1:] != ["style"]:
            self.words.append(data)

    @property
    def hrefs(self) -> list[str]:
        return [value or "" for name, value in self.attributes if name == "href"]

    @property
    def links(self) -> list[str]:
        return [it for it in self.hrefs if not it.startswith("tel:")]
