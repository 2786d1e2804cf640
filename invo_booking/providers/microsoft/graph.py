"""Call Microsoft Graph for one signed-in account."""

import re
import threading
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any, ClassVar
from urllib.parse import quote

from invo_booking.domain.calendars.provider_errors import (
    PermissionMissingError,
    ProviderDownError,
    ProviderError,
    ProviderRefusedError,
    ReconnectError,
)
from invo_booking.providers.api_client import ApiClient, objects_of
from invo_booking.providers.calls import Call
from invo_booking.providers.http import is_below_base
from invo_booking.providers.responses import VendorResponse
from invo_booking.texts import say

VERSION = "v1.0"
MOST_PAGES = 100
ABANDONED_SECONDS = 2.0
"""How long a call that we have given up still counts as a concurrent call."""
_REPEATED = "ErrorDuplicateTransactionId"
_WORD = re.compile(r"[\w.]{1,80}")
PREFER = 'outlook.timezone="UTC"'


class RefusedError(ProviderRefusedError):
    """Graph refuses the call; what the refusal means depends on the call.

    Attributes:
        word: Graph's error code; empty if Graph sent none.
        existing_id: Id of the event that was created before with the same
            ``transactionId``; empty if Graph names none.
        details: Further error codes, for parts of the request.
    """

    def __init__(self, answer: VendorResponse, word: str) -> None:
        suffix = f" ({word})" if word else ""
        super().__init__(
            say(
                "microsoft.graph.refused",
                suffix=suffix,
                value=answer.reference or say("microsoft.graph.in_its_logs"),
            ),
            reference=answer.reference,
        )
        self.status, self.word = answer.status, word
        self.existing_id = _error_text(answer, "@event.existingEventId")
        self.details = _details(answer)

    @property
    def is_missing(self) -> bool:
        """Whether the object does not exist."""
        return self.status in {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}

    @property
    def is_repeated(self) -> bool:
        """Whether the ``transactionId`` was used before; the status is 400 or 409."""
        return self.word == _REPEATED or self.status == HTTPStatus.CONFLICT

    @property
    def is_conflict(self) -> bool:
        """Whether another client has changed the object first."""
        return self.status in {HTTPStatus.CONFLICT, HTTPStatus.PRECONDITION_FAILED}


class Graph(ApiClient):
    """Makes calls for the signed-in account."""

    path = f"/{VERSION}"
    headers: ClassVar = {"Accept": "application/json", "Prefer": PREFER}
    busy = "microsoft.graph.busy"

    def user_link(self, user_id: str) -> str:
        """Return the URL of a user in Graph, for ``@odata.bind`` in requests."""
        return f"{self._base}/users/{quote(user_id, safe='')}"

    def pages(self, call: Call) -> Iterator[dict[str, Any]]:
        """Yield the objects on all pages of a list."""
        address = ""
        for _ in range(MOST_PAGES):
            page = self.ask(call, address)
            yield from rows_of(page)
            address = str(page.get("@odata.nextLink") or "")
            if not address:
                return
            self._check_own(address)
        raise ProviderDownError(say("microsoft.graph.endless_list"))

    def list_changes(
        self, call: Call, address: str
    ) -> tuple[list[dict[str, Any]], str]:
        """Return all objects in a list of changes, and the link to the next changes.

        Args:
            call: The call that lists everything.
            address: The link returned with the previous list; empty for everything.
        """
        rows: list[dict[str, Any]] = []
        for _ in range(MOST_PAGES):
            if address:
                self._check_own(address)
            page = self.ask(call, address)
            rows += rows_of(page)
            if link := page.get("@odata.deltaLink"):
                return rows, str(link)
            address = str(page.get("@odata.nextLink") or "")
            if not address:
                raise unreadable_answer_error()
        raise ProviderDownError(say("microsoft.graph.endless_list"))

    def _leave_gate(self, *, gave_up: bool) -> None:
        """Free a call's permit at the gate, after a delay if the call timed out.

        Graph still counts a call that timed out as a concurrent call. If calls exceed
        the limit, Graph answers 429 and then accepts no calls for a while.
        """
        if not gave_up:
            self._gate.release()
            return
        timer = threading.Timer(ABANDONED_SECONDS, self._gate.release)
        timer.daemon = True
        timer.start()

    def _trouble(self, call: Call, answer: VendorResponse) -> ProviderError:
        reference = answer.reference
        if answer.status == HTTPStatus.UNAUTHORIZED:
            return ReconnectError(
                say("microsoft.graph.token_refused"), reference=reference
            )
        if answer.status == HTTPStatus.FORBIDDEN:
            return _forbidden(call, reference)
        if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            return ProviderDownError(
                say("microsoft.graph.server_error"),
                ambiguous=call.method != "GET",
                reference=reference,
            )
        return RefusedError(answer, _word(answer))

    def _unreadable(self, call: Call, answer: VendorResponse) -> ProviderDownError:
        is_change, reference = call.method != "GET", answer.reference
        return unreadable_answer_error(ambiguous=is_change, reference=reference)

    def _check_own(self, address: str) -> None:
        if not is_below_base(address, self._base):
            raise ProviderDownError(say("microsoft.graph.other_server"))


def rows_of(value: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the objects on a page of a list.

    Raises:
        ProviderDownError: If the page holds no list.
    """
    objects = objects_of(value.get("value"))
    if objects is None:
        raise unreadable_answer_error()
    return objects


def unreadable_answer_error(
    *, ambiguous: bool = False, reference: str = ""
) -> ProviderDownError:
    """Return the error for a response that does not match Graph's types."""
    return ProviderDownError(
        say("microsoft.graph.unreadable"),
        ambiguous=ambiguous,
        reference=reference,
    )


def _forbidden(call: Call, reference: str) -> PermissionMissingError:
    names = say("microsoft.graph.or").join(call.needs)
    return PermissionMissingError(
        say("microsoft.graph.forbidden", purpose=call.purpose, names=names),
        call.needs,
        reference=reference,
    )


def _word(answer: VendorResponse) -> str:
    """Return the code of Graph's error; its message is never quoted."""
    word = _error_text(answer, "code")
    return word if _WORD.fullmatch(word) else ""


def _details(answer: VendorResponse) -> frozenset[str]:
    """Return the codes of an error's details; empty if they cannot be read."""
    try:
        details = answer.json()["error"]["details"]
        return frozenset(str(it["code"]) for it in details)
    except (ValueError, TypeError, KeyError):
        return frozenset()


def _error_text(answer: VendorResponse, name: str) -> str:
    """Return the text in one field of Graph's error; empty if the field is missing."""
    try:
        text = answer.json()["error"][name]
    except (ValueError, TypeError, KeyError):
        return ""
    return text if isinstance(text, str) else ""
