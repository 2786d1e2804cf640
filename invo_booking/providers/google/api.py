"""Call the Google Calendar API v3 for one connected account."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from http import HTTPStatus
from typing import Any, ClassVar

from invo_booking.domain.calendars.provider_errors import (
    ProviderDownError,
    ProviderError,
    ReconnectError,
)
from invo_booking.providers.api_client import ApiClient, objects_of
from invo_booking.providers.calls import Call
from invo_booking.providers.google.reasons import (
    ApiRefusedError,
    forbidden_error,
    reason_of,
)
from invo_booking.providers.responses import VendorResponse
from invo_booking.texts import say

MOST_PAGES = 100


class Api(ApiClient):
    """Makes calls for the connected account."""

    path = "/calendar/v3"
    headers: ClassVar = {"Accept": "application/json"}
    busy = "google.api.busy"

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

    def _unreadable(self, call: Call, answer: VendorResponse) -> ProviderDownError:
        del answer
        return unreadable_answer_error(ambiguous=call.is_change)


def rows_of(page: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the objects on a page of a list.

    Raises:
        ProviderDownError: If the page holds no list.
    """
    objects = objects_of(page.get("items", []))
    if objects is None:
        raise unreadable_answer_error()
    return objects


def unreadable_answer_error(*, ambiguous: bool = False) -> ProviderDownError:
    """Return the error for a response that does not match Google's types."""
    return ProviderDownError(
        say("google.api.unreadable"),
        ambiguous=ambiguous,
    )
