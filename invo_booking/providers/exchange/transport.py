# pyright: standard
# exchangelib, requests and requests-ntlm have no types.
"""Send exchangelib's requests with the HTTP client that all providers share.

exchangelib uses ``requests``, whose timeouts restart with each byte. That library also
reads responses of any size and connects to private addresses. It takes a proxy from the
environment, but does not apply our list of hosts that are reached without the proxy. So
the HTTP adapter of ``requests`` is replaced.
"""

import binascii
import io
from typing import Any

from requests.adapters import HTTPAdapter
from requests.models import PreparedRequest, Response
from requests_ntlm import HttpNtlmAuth
from requests_ntlm.requests_ntlm import _get_certificate_hash
from spnego.exceptions import SpnegoError
from urllib3 import HTTPResponse

from invo_booking.providers.deadline import seconds_left
from invo_booking.providers.http import VendorClient

_TEMPLATE = "/EWS/Exchange.asmx"
_SIGN_IN = frozenset({401, 403})
_OF_CLIENT = frozenset({"accept-encoding", "connection", "content-length"})
_OF_WIRE = frozenset({"content-encoding", "content-length", "transfer-encoding"})


class VendorAdapter(HTTPAdapter):
    """Sends requests through our own HTTP client.

    It also raises our own errors, which exchangelib passes on unchanged.
    """

    def __init__(self, client: VendorClient) -> None:
        super().__init__()
        self._client = client

    def send(
        self, request: PreparedRequest, *_unused: Any, **__unused: Any
    ) -> Response:
        """Send a request and return the response, within the deadline of the call."""
        headers = _without(request.headers, _OF_CLIENT)
        sent = self._client.request(
            request.method or "POST",
            request.url or "",
            content=request.body or b"",
            headers=headers,
        )
        answer = self._client.send(sent, _TEMPLATE, seconds_left(), pages=_SIGN_IN)
        raw = HTTPResponse(
            io.BytesIO(answer.content),
            _without(answer.headers, _OF_WIRE),
            answer.status,
            preload_content=False,
        )
        response: Any = self.build_response(request, raw)
        response.answer = answer
        return response

    def close(self) -> None:
        """Close the connection."""
        self._client.close()


class NtlmAuth(HttpNtlmAuth):
    """NTLM with channel binding to the certificate of our client's connection.

    If the server's challenge cannot be answered, the server's refusal is returned
    unchanged.
    """

    def _get_server_cert(self, response: Any) -> bytes | None:
        certificate = response.answer.certificate
        return _get_certificate_hash(certificate) if certificate else None

    def retry_using_http_NTLM_auth(  # noqa: N802  (the library's name)
        self, *args: Any, **named: Any
    ) -> Any:
        """Sign in and repeat the request; return the refusal if the sign-in fails."""
        refusal = args[2]
        try:
            return super().retry_using_http_NTLM_auth(*args, **named)
        except (SpnegoError, binascii.Error, PermissionError, KeyError):
            return refusal


def _without(headers: Any, names: frozenset[str]) -> dict[str, str]:
    return {name: text for name, text in headers.items() if name.lower() not in names}
