"""Who may ask: Basic, or NTLM with its challenge, bound to the certificate."""

import base64
import binascii
import os
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import spnego
from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from spnego.channel_bindings import GssChannelBindings
from spnego.exceptions import SpnegoError

from tests.support.exchange.state import State

USERS = "NTLM_USER_FILE"


class SignIn:
    """Signs in the connections of the fake."""

    def __init__(self, state: State, folder: Path) -> None:
        self._state, self._users = state, folder / "users"
        self._begun: dict[Any, spnego.ContextProxy] = {}
        self._trusted: dict[Any, tuple[str, str]] = {}
        certificate = x509.load_pem_x509_certificate(
            (folder / "chain.pem").read_bytes()
        )
        digest = certificate.fingerprint(hashes.SHA256())
        self._binding = GssChannelBindings(
            application_data=b"tls-server-end-point:" + digest
        )

    def refusal(self, request: web.Request) -> web.Response | None:
        """Return the answer to who is not signed in; ``None`` to go on."""
        kind, _, value = request.headers.get("Authorization", "").partition(" ")
        pair = (self._state.user, self._state.password)
        if not kind and self._trusted.get(request.protocol) == pair:
            return None
        if kind == "Basic" and "Basic" in self._state.offers:
            return None if self._is_right(value) else self._challenge()
        if kind == "NTLM" and "NTLM" in self._state.offers:
            return self._ntlm(request, value, pair)
        return self._challenge()

    def _is_right(self, value: str) -> bool:
        self._state.sign_ins.append("Basic")
        with suppress(binascii.Error, UnicodeDecodeError):
            text = base64.b64decode(value).decode()
            return text == f"{self._state.user}:{self._state.password}"
        return False

    def _ntlm(
        self, request: web.Request, value: str, pair: tuple[str, str]
    ) -> web.Response | None:
        try:
            with self._known_user():
                context = self._begun.pop(request.protocol, None) or self._context()
                answer = context.step(base64.b64decode(value))
        except SpnegoError:
            return self._challenge()
        if context.complete:
            self._state.sign_ins.append("NTLM")
            self._trusted[request.protocol] = pair
            return None
        self._begun[request.protocol] = context
        return self._challenge(f"NTLM {base64.b64encode(answer).decode()}")

    def _context(self) -> spnego.ContextProxy:
        """Return the server's side of one sign-in."""
        bindings = self._binding if self._state.binds_channel else None
        return spnego.server(protocol="ntlm", channel_bindings=bindings)

    @contextmanager
    def _known_user(self) -> Iterator[None]:
        """Let the library know the account, which it looks for in a file."""
        domain, _, name = self._state.user.rpartition("\\")
        self._users.write_text(f"{domain}:{name}:{self._state.password}\n")
        before = os.environ.get(USERS)
        os.environ[USERS] = str(self._users)
        try:
            yield
        finally:
            if before is None:
                del os.environ[USERS]
            else:
                os.environ[USERS] = before

    def _challenge(self, token: str = "") -> web.Response:
        answer = web.Response(
            status=401,
            body=b"<!doctype html><title>401 Unauthorized</title>",
            content_type="text/html",
        )
        for offer in (token,) if token else self._state.offers:
            answer.headers.add("WWW-Authenticate", offer)
        return answer


def trusting(ca_file: Path) -> ssl.SSLContext:
    """Return a context that trusts this authority and nobody else."""
    return ssl.create_default_context(cafile=str(ca_file))
