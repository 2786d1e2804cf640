"""A certificate for loopback, of an authority made on the spot."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from invo_booking.domain.clock import utc_now

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Certificates:
    """PEM files: whom to trust, and what the server shows."""

    ca_file: Path
    chain_file: Path
    key_file: Path


def make_certificates(
    folder: Path,
    host: str = "localhost",
    *,
    valid_until: datetime | None = None,
    is_self_signed: bool = False,
) -> Certificates:
    """Write an authority and a certificate of ``host`` into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    now = utc_now()
    ends = valid_until or now + 30 * DAY
    ca_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    ca_name = _name("A test's own authority")
    ca = _authority(ca_name, ca_key, now)
    issuer, signer = (_name(host), key) if is_self_signed else (ca_name, ca_key)
    leaf = (
        _builder(_name(host), issuer, key, ends - 60 * DAY, ends)
        .add_extension(_names(host), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()),
            critical=False,
        )
        .sign(signer, hashes.SHA256())
    )
    files = Certificates(folder / "ca.pem", folder / "chain.pem", folder / "key.pem")
    files.ca_file.write_bytes(ca.public_bytes(serialization.Encoding.PEM))
    files.chain_file.write_bytes(leaf.public_bytes(serialization.Encoding.PEM))
    files.key_file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return files


def _authority(
    name: x509.Name, key: ec.EllipticCurvePrivateKey, now: datetime
) -> x509.Certificate:
    usage = x509.KeyUsage(
        digital_signature=True,
        key_cert_sign=True,
        crl_sign=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
    identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    return (
        _builder(name, name, key, now - 90 * DAY, now + 30 * DAY)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(identifier, critical=False)
        .sign(key, hashes.SHA256())
    )


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    begins: datetime,
    ends: datetime,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(ends)
    )


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _names(host: str) -> x509.SubjectAlternativeName:
    loopback = [x509.IPAddress(ip_address(at)) for at in ("127.0.0.1", "::1")]
    here = loopback if host == "localhost" else []
    return x509.SubjectAlternativeName([x509.DNSName(host), *here])
