# pyright: standard
# exchangelib has no types.
"""Exchange's operations, as exchangelib offers them, each with what we ask of it."""

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
from invo_booking.providers.http import VendorResponse

MOST_FOUND = 10
"""Most items with one key that are read."""

RIGHTS = {
    "read": "Read",
    "create_contents": "CreateContents",
    "modify": "Modify",
    "delete": "Delete",
}
"""What the account must be able to do: exchangelib's names, and Exchange's."""

_UNEXPECTED = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
"""What exchangelib raises if an answer is not what it expects."""

T = TypeVar("T")
_log = logging.getLogger(__name__)


class Services:
    """The web services of one account at one server."""

    def __init__(self, pool: SessionPool, seconds: float) -> None:
        self._pool, self._seconds = pool, seconds

    def ask(self, do: Callable[[OwnAccount], T], *, is_change: bool = False) -> T:
        """Return what an operation returns.

        Args:
            do: Makes the call.
            is_change: Whether it may change something even if its answer is lost.

        Raises:
            ProviderError: If it is not answered, or refused.
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
    """What the server says of itself and of the account's calendar.

    Attributes:
        version: Which server answered; ``None`` if it does not say.
        response: The answer as it came.
        rights: What the account may do; ``True`` by exchangelib's names.
        problem: Why that is not known; ``None`` if it is.
    """

    version: ServerVersion | None
    response: VendorResponse
    rights: Mapping[str, bool]
    problem: ProviderError | None


def error_of(error: Exception, *, is_change: bool = False) -> ProviderError:
    """Return what an error of exchangelib means; its words may be Exchange's."""
    if isinstance(error, MalformedResponseError):
        return unreadable_answer_error(is_change=is_change)
    seconds = getattr(error, "back_off", None)
    wait = timedelta(seconds=min(seconds, 3600)) if seconds and seconds > 0 else None
    return error_of_code(type(error).__name__, wait=wait, is_change=is_change)


class _OwnCalendar(DistinguishedFolderId):
    """The calendar of the account that is signed in, without a mailbox's address."""

    def clean(self, version: Any = None) -> None:
        FolderId.clean(self, version)


class _Asked:
    """What all operations have in common.

    One schema is spoken, answers are parsed strictly and once, no mailbox is named in
    headers, and what is refused of several things is returned with the others.
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
        """Return the error of a message; exchangelib reads the wait in faults only."""
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
        root = xml.parse(answered.content)
        self.server_version = _version(root)
        body = root.find(f"{xml.SOAP}Body")
        if body is None:
            raise MalformedResponseError("no body")
        return service._get_soap_messages(body=body)  # noqa: SLF001 - the library's hook


class GetUserAvailability(_Asked, services.GetUserAvailability):
    """Free and busy times: one row for each mailbox, whatever became of it.

    exchangelib drops the rows of all mailboxes for the error of one.
    """

    def __init__(self, account: OwnAccount) -> None:
        super().__init__(protocol=account.protocol)

    def rows(
        self, mailboxes: Sequence[str], zone: TimeZone, options: FreeBusyViewOptions
    ) -> list[Any]:
        """Return Exchange's rows, in the order of the arguments."""
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
    """The items of a window, or those with a key."""

    is_whole = True

    def in_window(self, view: CalendarView, fields: Sequence[Any]) -> list[Any]:
        """Return the items of a window; ``is_whole`` says whether these are all."""
        return self._find(fields, calendar_view=view)

    def with_property(self, fields: Sequence[Any], **value: str) -> list[Any]:
        """Return the items whose registered property has a value."""
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
        """Note whether these are all; there is no further page."""
        self.is_whole = elem.get("IncludesLastItemInRange") != "false"
        return 1, None


class GetItem(_OfAccount, services.GetItem):
    """One item by its id."""

    def one(self, event_id: str, fields: Sequence[Any]) -> Item:
        """Return an item with some of its fields."""
        wanted = CalendarItem(id=event_id)
        return _only(_items(self.call([wanted], fields, ID_ONLY)))


class CreateItem(_OfAccount, services.CreateItem):
    """A new item in the account's calendar."""

    def one(self, item: Item, *, is_meeting: bool) -> Any:
        """Create an item; return its id and version."""
        folder = _calendar(self.account)
        made = self.call([item], folder, SAVE_ONLY, _recipients(is_meeting=is_meeting))
        return _only(_items(made))


class UpdateItem(_OfAccount, services.UpdateItem):
    """A change of some fields of an item, unless another client has changed it."""

    def one(self, item: Item, fields: Sequence[str], *, is_meeting: bool) -> Any:
        """Change an item; return its id and version."""
        recipients = _recipients(is_meeting=is_meeting)
        made = self.call([(item, fields)], NEVER_OVERWRITE, SAVE_ONLY, recipients, True)
        ids = [{"id": it[0], "changekey": it[1]} for it in _items(made)]
        return CalendarItem(**_only(ids))


class DeleteItem(_OfAccount, services.DeleteItem):
    """The end of an item, told to those who were invited."""

    def one(self, event_id: str) -> None:
        """Move an item to the deleted ones."""
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
    """What the account may do with its calendar."""

    def answer(self, fields: Sequence[Any]) -> FolderAnswer:
        """Return it, with what the server says of itself."""
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
    """Return the results of an operation; raise the first that is an error."""
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
    """Return whom Exchange tells of a change: an item without guests tells nobody."""
    return SEND_TO_ALL_AND_SAVE_COPY if is_meeting else SEND_TO_NONE


def _version(root: Any) -> ServerVersion | None:
    info = root.find(f"{xml.SOAP}Header/{xml.TYPES}ServerVersionInfo")
    names = ("MajorVersion", "MinorVersion", "MajorBuildNumber")
    texts = [info.get(name, "") for name in names] if info is not None else []
    if not texts or not all(text.isdecimal() and len(text) < 7 for text in texts):  # noqa: PLR2004 - digits
        return None
    return ServerVersion(*map(int, texts))
