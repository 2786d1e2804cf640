"""Sign in with NTLM, which signs in a connection instead of a request.

The proof is bound to the certificate of the connection, as Exchange demands it where
Extended Protection is on (the default of Exchange 2019 CU14 and later).

Source:
    learn.microsoft.com/openspecs/office_protocols/ms-nthe
    learn.microsoft.com/exchange/plan-and-deploy/post-installation-tasks/
    security-best-practices/exchange-extended-protection
    RFC 5929 section 4 on tls-server-end-point
"""

import base64
import binascii
import re

import spnego
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from spnego.channel_bindings import GssChannelBindings
from spnego.exceptions import SpnegoError

from invo_booking.domain.calendars.outside import ServerAccount

_CHALLENGE = re.compile(r"\bNTLM\s+([A-Za-z0-9+/]+=*)")
_WEAK = (hashes.MD5, hashes.SHA1)


class Handshake:
    """One sign-in of one connection."""

    def __init__(self, account: ServerAccount) -> None:
        self._context = spnego.client(account.user, account.password, protocol="ntlm")

    def first_message(self) -> str:
        """Return the header that asks for a challenge."""
        return _header(self._context.step())

    def proof(self, challenge: str, certificate: bytes) -> str:
        """Return the header that answers a challenge.

        Args:
            challenge: Value of ``WWW-Authenticate``.
            certificate: That of the connection in DER; empty if it is not known.

        Raises:
            ValueError: If it holds no challenge that can be answered.
        """
        match = _CHALLENGE.search(challenge)
        if match is None:
            raise ValueError("no challenge")
        try:
            token = base64.b64decode(match[1])
            bindings = _bindings(certificate)
            return _header(self._context.step(token, channel_bindings=bindings))
        except (SpnegoError, binascii.Error) as error:
            raise ValueError("no challenge that can be answered") from error


def _header(token: bytes | None) -> str:
    return f"NTLM {base64.b64encode(token or b'').decode()}"


def _bindings(certificate: bytes) -> GssChannelBindings | None:
    if not certificate:
        return None
    digest = hashes.Hash(_digest_of(certificate))
    digest.update(certificate)
    data = b"tls-server-end-point:" + digest.finalize()
    return GssChannelBindings(application_data=data)


def _digest_of(certificate: bytes) -> hashes.HashAlgorithm:
    try:
        used = x509.load_der_x509_certificate(certificate).signature_hash_algorithm
    except (ValueError, UnsupportedAlgorithm):
        used = None
    return hashes.SHA256() if used is None or isinstance(used, _WEAK) else used
