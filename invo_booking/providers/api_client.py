"""Call the JSON API of a vendor for one connected account."""

import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, ClassVar, cast

from invo_booking.domain.calendars.provider_errors import (
    ProviderDownError,
    ProviderError,
)
from invo_booking.providers.call_gate import CallGate
from invo_booking.providers.calls import Call
from invo_booking.providers.http import VendorClient
from invo_booking.providers.responses import VendorResponse
from invo_booking.texts import say


class ApiClient(ABC):
    """Makes calls for the connected account.

    Attributes:
        path: Path of the API below its base address.
        headers: Headers of every call.
        busy: Key of the sentence that too many calls are being made.
    """

    path: ClassVar[str]
    headers: ClassVar[Mapping[str, str]]
    busy: ClassVar[str]

    def __init__(
        self,
        caller: VendorClient,
        address: str,
        token: Callable[[bool], str],
        *,
        gate: CallGate,
        seconds: float,
    ) -> None:
        """Create the object without a call.

        Args:
            address: Base address of the API, without ``path``.
            token: Returns an access token; see ``Provider.open``.
            gate: Limits concurrent calls to what the vendor allows.
            seconds: Time limit of a call, including the wait at the gate.
        """
        self.caller = caller
        self._base = f"{address.rstrip('/')}{self.path}"
        self._token, self._gate, self._seconds = token, gate, seconds

    def ask(self, call: Call, address: str = "") -> dict[str, Any]:
        """Make a call and return the parsed answer; empty if the answer has no content.

        Args:
            call: The call.
            address: See ``answer``.

        Raises:
            ProviderRefusedError: For 400, 404, 409, 410, 412 and the like.
            ProviderError: For all other errors.
        """
        answer = self.answer(call, address)
        try:
            value = answer.json()
        except ValueError:
            value = ()
        if value is None or isinstance(value, dict):
            return cast("dict[str, Any]", value or {})
        raise self._unreadable(call, answer)

    def answer(self, call: Call, address: str = "") -> VendorResponse:
        """Make a call and return its response, whose status is a success.

        If the vendor refuses the access token, the call is repeated once with a new
        token.

        Args:
            call: The call.
            address: An address that the vendor has sent, to use instead of the call's
                own address; empty to use the call's own.
        """
        answer = self._send(call, address, self._token(False))
        if answer.status == HTTPStatus.UNAUTHORIZED:
            answer = self._send(call, address, self._token(True))
        if answer.is_error:
            raise self._trouble(call, answer)
        return answer

    def _send(self, call: Call, address: str, token: str) -> VendorResponse:
        body = {} if call.body is None else {"json": call.body}
        request = self.caller.request(
            call.method,
            address or f"{self._base}{call.address}",
            params=None if address else (call.query or None),
            headers={
                **self.headers,
                **call.headers,
                "Authorization": f"Bearer {token}",
            },
            **body,
        )
        ends = time.monotonic() + self._seconds
        if not self._gate.acquire(timeout=self._seconds):
            raise ProviderDownError(say(self.busy))
        try:
            left = max(ends - time.monotonic(), 0.01)
            return self.caller.send(request, call.path, left)
        finally:
            self._leave_gate(gave_up=time.monotonic() >= ends)

    def _leave_gate(self, *, gave_up: bool) -> None:
        """Free a call's place at the gate; ``gave_up`` says that the call timed out."""
        del gave_up
        self._gate.release()

    @abstractmethod
    def _trouble(self, call: Call, answer: VendorResponse) -> ProviderError:
        """Return the error for a response whose status is not a success."""

    @abstractmethod
    def _unreadable(self, call: Call, answer: VendorResponse) -> ProviderDownError:
        """Return the error for an answer that does not match the vendor's types."""


def objects_of(listed: Any) -> list[dict[str, Any]] | None:
    """Return a list of JSON objects; ``None`` if the value is anything else."""
    if not isinstance(listed, list):
        return None
    objects = cast("list[Any]", listed)
    return objects if all(isinstance(it, dict) for it in objects) else None
