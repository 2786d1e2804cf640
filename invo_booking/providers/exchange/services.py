# pyright: standard
# exchangelib has no types.
"""Call the operations of Exchange Web Services through exchangelib.

Each class extends exchangelib's class for an operation and adds a method for our call.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

from exchangelib import UTC, CalendarItem, services
from exchangelib.errors import ErrorServerBusy, EWSError, MalformedResponseError
from exchangelib.folders import Calendar, Root
from exchangelib.items import (
    ALL_OCCURRENCES,
    ID_ONLY,
    MOVE_TO_DELETED_ITEMS,
    NEVER_OVERWRITE,
    SAVE_ONLY,
    SEND_TO_ALL_AND_SAVE_COPY,
    SEND_TO_NONE,
    SHALLOW,
)
from exchangelib.properties import (
    CalendarView,
    DistinguishedFolderId,
    FolderId,
    FreeBusyViewOptions,
    MailboxData,
    TimeZone,
)
from exchangelib.restriction import Q, Restriction
from exchangelib.services.common import EWSService

from invo_booking.domain.calendars.provider_errors import (
    ProviderDownError,
    ProviderError,
)
from invo_booking.providers.exchange import xml
from invo_booking.providers.exchange.events import Item
from invo_booking.providers.exchange.refusals import (
    error_of_code,
    unreadable_answer_error,
)
from invo_booking.providers.exchange.sessions import SCHEMA, OwnAccount, SessionPool
from invo_booking.providers.exchange.versions import ServerVersion
from invo_booking.providers.responses import VendorResponse

MOST_FOUND = 10
"""Largest number of items read in a search for our key. If several items have the key,
they are copies."""

RIGHTS = {
    "read": "Read",
    "create_contents": "CreateContents",
    "modify": "Modify",
    "delete": "Delete",
}
"""Rights that the account needs: exchangelib's names, and Exchange's."""

_UNEXPECTED = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
"""Exceptions that exchangelib raises for responses that it cannot read."""

T = TypeVar("T")
_log = logging.getLogger(__name__)


class Services:
    """The web services of one account at one server."""

    def __init__(self, pool: SessionPool, seconds: float) -> None:
        self._pool, self._seconds = pool, seconds

    def ask(self, do: Callable[[OwnAccount], T], *, is_change: bool = False) -> T:
        """Run an operation with the account and return the operation's result.

        Args:
            do: Makes the call.
            is_change: Whether the call may take effect even if its response is lost.

        Raises:
            ProviderError: If Exchange does not answer, or refuses the call.
        """
        try:
            return self._pool.call(do, self._seconds)
        except ProviderDownError as error:
            error.ambiguous = error.ambiguous and is_change
            raise
        except EWSError as error:
            raise error_of(error, is_change=is_change) from None
        except _UNEXPECTED as error:
            _log.warning("an answer is not as expected: %s", type(error).__name__)
            raise unreadable_answer_error(is_change=is_change) from None


@dataclass(frozen=True, slots=True)
class FolderAnswer:
    """What the server says about itself and about the account's calendar.

    Attributes:
        version: Version of the server; ``None`` if the server does not send it.
        response: The HTTP response.
        rights: Whether the account has each right, by exchangelib's names (``RIGHTS``).
        problem: Why the calendar cannot be read; ``None`` if it can.
    """

    version: ServerVersion | None
    response: VendorResponse
    rights: Mapping[str, bool]
    problem: ProviderError | None


def error_of(error: Exception, *, is_change: bool = False) -> ProviderError:
    """Return our error for an error of exchangelib, without its message.

    exchangelib's message may quote Exchange's message, which may contain the subject of
    an item.
    """
    if isinstance(error, MalformedResponseError):
        return unreadable_answer_error(is_change=is_change)
    seconds = getattr(error, "back_off", None)
    wait = timedelta(seconds=min(seconds, 3600)) if seconds and seconds > 0 else None
    return error_of_code(type(error).__name__, wait=wait, is_change=is_change)


class _OwnCalendar(DistinguishedFolderId):
    """Identifies the calendar of the signed-in account, without a mailbox address."""

    def clean(self, version: Any = None) -> None:
        FolderId.clean(self, version)


class _Asked:
    """What all operations have in common.

    All requests use the same schema version and name no mailbox in their headers.
    Responses are parsed strictly, and only once. If a call asks for several items, an
    error for one item is returned in the list of results, not raised.
    """

    ERRORS_TO_CATCH_IN_RESPONSE = EWSError
    server_version: ServerVersion | None = None
    response: Any = None

    def _extra_headers(self) -> dict[str, str]:
        return {}

    @staticmethod
    def _get_exception(
        code: str, text: str, msg_xml: Any = None, rule_errors: Any = None
    ) -> Exception:
        """Return the error of a response message, with the wait that Exchange asks for.

        exchangelib itself reads the wait only in SOAP faults.
        """
        read = EWSService._get_exception  # noqa: SLF001 - the library's hook
        error = read(code, text, msg_xml, rule_errors)
        wait = xml.back_off(msg_xml)
        if wait is not None and isinstance(error, ErrorServerBusy):
            error.back_off = wait.total_seconds()
        return error

    def _get_response_xml(self, payload: Any) -> Any:
        service: Any = self
        answered = service._get_response(payload, SCHEMA.api_version)  # noqa: SLF001 - the library's hook
        self.response = answered.answer
        root = xml.parse_soap(answered.content)
        self.server_version = _version(root)
        body = root.find(f"{xml.SOAP}Body")
        if body is None:
            raise MalformedResponseError("no body")
        return service._get_soap_messages(body=body)  # noqa: SLF001 - the library's hook


class GetUserAvailability(_Asked, services.GetUserAvailability):
    """Reads free and busy times, with one row for each mailbox, errors included.

    exchangelib itself drops all rows if there is an error for one mailbox.
    """

    def __init__(self, account: OwnAccount) -> None:
        super().__init__(protocol=account.protocol)

    def rows(
        self, mailboxes: Sequence[str], zone: TimeZone, options: FreeBusyViewOptions
    ) -> list[Any]:
        """Return Exchange's rows as XML elements, in the order of the mailboxes."""
        wanted = [
            MailboxData(
                email=address, attendee_type="Required", exclude_conflicts=False
            )
            for address in mailboxes
        ]
        return list(self.call(UTC, wanted, zone, options))

    def _get_elements_in_response(self, response: Any) -> Any:
        return iter(response)

    def _elem_to_obj(self, elem: Any) -> Any:
        return elem


class _OfAccount(_Asked):
    def __init__(self, account: OwnAccount) -> None:
        super().__init__(account=account)  # pyright: ignore[reportCallIssue]


class FindItem(_OfAccount, services.FindItem):
    """Finds the items of a window, or the items with our key."""

    is_whole = True

    def in_window(self, view: CalendarView, fields: Sequence[Any]) -> list[Any]:
        """Return items of a window; ``is_whole`` then says whether none is missing."""
        return self._find(fields, calendar_view=view)

    def with_property(self, fields: Sequence[Any], **value: str) -> list[Any]:
        """Return the items in which a registered property has this value."""
        folder = _calendar(self.account)
        rule = Restriction(Q(**value), [folder], Restriction.ITEMS)
        self.page_size = MOST_FOUND
        return self._find(fields, restriction=rule)

    def _find(self, fields: Sequence[Any], **narrowed: Any) -> list[Any]:
        narrowing = {"restriction": None, "calendar_view": None, **narrowed}
        results = self.call(
            folders=[_calendar(self.account)],
            additional_fields=fields,
            order_fields=None,
            shape=ID_ONLY,
            query_string=None,
            depth=SHALLOW,
            max_items=None,
            offset=0,
            **narrowing,
        )
        return _items(results)

    def _get_paging_values(self, elem: Any) -> tuple[int, None]:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Set ``is_whole`` from the response; never ask for another page."""
        self.is_whole = elem.get("IncludesLastItemInRange") != "false"
        return 1, None


class GetItem(_OfAccount, services.GetItem):
    """Reads one item by its id."""

    def one(self, event_id: str, fields: Sequence[Any]) -> Item:
        """Return an item with some of its fields."""
        wanted = CalendarItem(id=event_id)
        return _only(_items(self.call([wanted], fields, ID_ONLY)))


class CreateItem(_OfAccount, services.CreateItem):
    """Creates an item in the account's calendar."""

    def one(self, item: Item, *, is_meeting: bool) -> Any:
        """Create an item; return an item that holds its id and version only."""
        folder = _calendar(self.account)
        made = self.call([item], folder, SAVE_ONLY, _recipients(is_meeting=is_meeting))
        return _only(_items(made))


class UpdateItem(_OfAccount, services.UpdateItem):
    """Updates fields of an item, unless another client has changed the item."""

    def one(self, item: Item, fields: Sequence[str], *, is_meeting: bool) -> Any:
        """Update an item; return an item that holds its id and version only."""
        recipients = _recipients(is_meeting=is_meeting)
        made = self.call([(item, fields)], NEVER_OVERWRITE, SAVE_ONLY, recipients, True)
        ids = [{"id": it[0], "changekey": it[1]} for it in _items(made)]
        return CalendarItem(**_only(ids))


class DeleteItem(_OfAccount, services.DeleteItem):
    """Deletes an item and notifies its attendees."""

    def one(self, event_id: str) -> None:
        """Move an item to the folder Deleted Items."""
        _items(
            self.call(
                [CalendarItem(id=event_id)],
                MOVE_TO_DELETED_ITEMS,
                SEND_TO_ALL_AND_SAVE_COPY,
                ALL_OCCURRENCES,
                True,
            )
        )


class GetFolder(_OfAccount, services.GetFolder):
    """Reads the account's rights on its own calendar."""

    def answer(self, fields: Sequence[Any]) -> FolderAnswer:
        """Return the rights, with what the server says about itself."""
        [folder] = self.call([_calendar(self.account)], fields, ID_ONLY)
        problem = error_of(folder) if isinstance(folder, Exception) else None
        rights = getattr(folder, "effective_rights", None)
        known = {name: getattr(rights, name) for name in RIGHTS if rights}
        return FolderAnswer(self.server_version, self.response, known, problem)


def _calendar(account: OwnAccount) -> Calendar:
    folder = Calendar(root=Root(account=account))
    folder._distinguished_id = _OwnCalendar(id=Calendar.DISTINGUISHED_FOLDER_ID)  # noqa: SLF001 - as exchangelib sets it
    return folder


def _items(results: Any) -> list[Any]:
    """Return the results of an operation as a list; raise the list's first error."""
    listed = list(results)
    for it in listed:
        if isinstance(it, Exception):
            raise it
    return listed


def _only(results: list[Any]) -> Any:
    if len(results) != 1 or isinstance(results[0], bool):
        raise MalformedResponseError("not one")
    return results[0]


def _recipients(*, is_meeting: bool) -> str:
    """Return whom Exchange notifies: all attendees of a meeting; otherwise nobody."""
    return SEND_TO_ALL_AND_SAVE_COPY if is_meeting else SEND_TO_NONE


def _version(root: Any) -> ServerVersion | None:
    info = root.find(f"{xml.SOAP}Header/{xml.TYPES}ServerVersionInfo")
    names = ("MajorVersion", "MinorVersion", "MajorBuildNumber")
    texts = [info.get(name, "") for name in names] if info is not None else []
    if not texts or not all(text.isdecimal() and len(text) < 7 for text in texts):  # noqa: PLR2004 - digits
        return None
    return ServerVersion(*map(int, texts))
