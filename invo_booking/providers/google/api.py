"""Call the Google Calendar API v3 for one connected account."""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from http import HTTPStatus
from typing import Any, Final, cast

from invo_booking.domain.calendars.provider_errors import (
    ProviderDownError,
    ProviderError,
    ReconnectError,
)
from invo_booking.providers.call_gate import CallGate
from invo_booking.providers.calls import Call
from invo_booking.providers.google.reasons import (
    ApiRefusedError,
    forbidden_error,
    reason_of,
)
from invo_booking.providers.http import VendorClient
from invo_booking.providers.responses import VendorResponse
from invo_booking.texts import say

PATH: Final = "/calendar/v3"
MOST_PAGES = 100


class Api:
    """Makes calls for the connected account."""

    def __init__(
        self,
        caller: VendorClient,
        address: str,
        token: Callable[[bool], str],
        *,
        gate: CallGate,
        seconds: float,
    ) -> None:
        """Create the object without calling Google.

        Args:
            address: Base URL without a path.
            token: Returns an access token; see ``Provider.open``.
            gate: Limits concurrent calls.
            seconds: Time limit of a call, including the wait at the gate.
        """
        self.caller = caller
        self._base = f"{address.rstrip('/')}{PATH}"
        self._token, self._gate, self._seconds = token, gate, seconds

    def ask(self, call: Call) -> dict[str, Any]:
        """Make a call and return the parsed response; empty if it has no content.

        Raises:
            ApiRefusedError: For HTTP statuses such as 400, 404, 409, 410 and 412.
            ProviderError: For all other errors.
        """
        answer = self.answer(call)
        try:
            value = answer.json()
        except ValueError:
            value = ()
        if value is None or isinstance(value, dict):
            return cast("dict[str, Any]", value or {})
        raise unreadable_answer_error(ambiguous=call.is_change)

    def pages(self, call: Call) -> Iterator[dict[str, Any]]:
        """Yield the objects on all pages of a list."""
        token = ""
        for _ in range(MOST_PAGES):
            more = {"pageToken": token} if token else {}
            page = self.ask(replace(call, query={**call.query, **more}))
            yield from rows_of(page)
            token = str(page.get("nextPageToken") or "")
            if not token:
                return
        raise ProviderDownError(say("google.api.endless_list"))

    def answer(self, call: Call) -> VendorResponse:
        """Make a call and return its successful response.

        If Google refuses the access token, the call is repeated once with a new token.
        """
        answer = self._send(call, self._token(False))
        if answer.status == HTTPStatus.UNAUTHORIZED:
            answer = self._send(call, self._token(True))
        if answer.is_error:
            raise self._trouble(call, answer)
        return answer

    def _send(self, call: Call, token: str) -> VendorResponse:
        body = {} if call.body is None else {"json": call.body}
        request = self.caller.request(
            call.method,
            f"{self._base}{call.address}",
            params=call.query or None,
            headers={
                "Accept": "application/json",
                **call.headers,
                "Authorization": f"Bearer {token}",
            },
            **body,
        )
        ends = time.monotonic() + self._seconds
        if not self._gate.acquire(timeout=self._seconds):
            raise ProviderDownError(say("google.api.busy"))
        try:
            left = max(ends - time.monotonic(), 0.01)
            return self.caller.send(request, call.path, left)
        finally:
            self._gate.release()

    def _trouble(self, call: Call, answer: VendorResponse) -> ProviderError:
        if answer.status == HTTPStatus.UNAUTHORIZED:
            return ReconnectError(say("google.api.token_refused"))
        if answer.status == HTTPStatus.FORBIDDEN:
            now = self.caller.now()
            return forbidden_error(answer, call.needs, call.purpose, now)
        if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            return ProviderDownError(
                say("google.api.server_error"),
                ambiguous=call.is_change,
            )
        return ApiRefusedError(answer.status, reason_of(answer))


def rows_of(page: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the objects on a page of a list.

    Raises:
        ProviderDownError: If the page holds no list.
    """
    listed = page.get("items", [])
    if not isinstance(listed, list):
        raise unreadable_answer_error()
    objects = cast("list[Any]", listed)
    if not all(isinstance(it, dict) for it in objects):
        raise unreadable_answer_error()
    return objects


def unreadable_answer_error(*, ambiguous: bool = False) -> ProviderDownError:
    """Return the error for a response that does not match Google's types."""
    return ProviderDownError(
        say("google.api.unreadable"),
        ambiguous=ambiguous,
    )
