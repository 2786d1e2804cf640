"""Convert Exchange's error codes for refused calls to our errors.

Our errors repeat only the codes, because Exchange's messages may contain the subject of
an item.

Source:
    learn.microsoft.com/exchange/client-developer/web-service-reference/responsecode
    learn.microsoft.com/exchange/client-developer/exchange-web-services/
    ews-throttling-in-exchange
"""

import re
from datetime import timedelta
from http import HTTPStatus
from typing import Final

from invo_booking.domain.calendars.provider_errors import (
    EventChangedError,
    EventGoneError,
    MailboxUnknownError,
    PermissionMissingError,
    ProviderDownError,
    ProviderError,
    ProviderRefusedError,
    ReconnectError,
    ThrottledError,
)
from invo_booking.providers.responses import LONGEST_WAIT, USUAL_WAIT
from invo_booking.texts import say

SIGN_IN_REFUSED: Final = "exchange.refusals.wrong_password"

UNKNOWN_MAILBOX = frozenset(
    {
        "ErrorMailRecipientNotFound",
        "ErrorNonExistentMailbox",
        "ErrorInvalidSmtpAddress",
        "ErrorAddressSpaceNotFound",
    }
)
_CODE = re.compile(r"Error[A-Za-z0-9]{1,80}")
_BUSY = frozenset(
    {"ErrorServerBusy", "ErrorExceededConnectionCount", "ErrorTooManyObjectsOpened"}
)
_ACCESS = frozenset(
    {
        "ErrorAccessDenied",
        "ErrorCreateItemAccessDenied",
        "ErrorImpersonateUserDenied",
        "ErrorMailboxLogonFailed",
        "ErrorNoFreeBusyAccess",
    }
)
_NO_MAILBOX = frozenset(
    {"ErrorNonExistentMailbox", "ErrorMissingEmailAddress", "ErrorFolderNotFound"}
)
_ACCOUNT = frozenset({"ErrorAccountDisabled", "ErrorPasswordExpired"})
_VERSION = frozenset(
    {
        "ErrorIncorrectSchemaVersion",
        "ErrorInvalidServerVersion",
        "ErrorInvalidSchemaVersionForMailboxVersion",
    }
)
_CHANGED = frozenset({"ErrorIrresolvableConflict", "ErrorStaleObject"})
_OURS = re.compile(r"ErrorInvalid|ErrorSchema|Error\w*TooBig|ErrorUnsupported")


class AccountRefusedError(ReconnectError):
    """Exchange does not accept the account."""


class FindLimitError(ProviderDownError):
    """Exchange finds more items than it returns in one response."""


def error_of_code(
    code: str, *, wait: timedelta | None = None, is_change: bool = False
) -> ProviderError:
    """Return our error for a response code.

    Args:
        code: Exchange's response code.
        wait: How long Exchange asks us to wait; ``None`` if it does not say.
        is_change: Whether the call was meant to change something.
    """
    word = code if _CODE.fullmatch(code) else ""
    if word in _BUSY:
        return ThrottledError(
            say("exchange.refusals.limited"),
            min(wait or USUAL_WAIT, LONGEST_WAIT),
        )
    if error := _of_event(word) or _person_needed(word):
        return error
    suffix = f" ({word})" if word else ""
    if _OURS.match(word):
        return ProviderRefusedError(say("exchange.refusals.refused", suffix=suffix))
    return ProviderDownError(
        say("exchange.refusals.server_error", suffix=suffix),
        ambiguous=is_change and word != "ErrorInternalServerTransientError",
    )


def error_of_mailbox(
    mailbox: str, code: str, wait: timedelta | None = None
) -> ProviderError:
    """Return the error for a mailbox whose busy times Exchange does not return.

    Args:
        mailbox: The address of the mailbox.
        code: Exchange's response code for the mailbox.
        wait: How long Exchange asks us to wait; ``None`` if it does not say.
    """
    if code in _BUSY:
        return error_of_code(code, wait=wait)
    if code in UNKNOWN_MAILBOX:
        return MailboxUnknownError(
            say("exchange.refusals.unknown_mailbox", mailbox=mailbox)
        )
    if code in _ACCESS:
        return PermissionMissingError(
            say("exchange.refusals.busy_not_shared", mailbox=mailbox)
        )
    return ProviderDownError(say("exchange.refusals.busy_unavailable", mailbox=mailbox))


def error_of_status(status: int) -> ProviderError:
    """Return our error for an HTTP status that Exchange Web Services do not use."""
    if status == HTTPStatus.FORBIDDEN:
        return PermissionMissingError(say("exchange.refusals.services_forbidden"))
    if status == HTTPStatus.NOT_FOUND:
        return ReconnectError(say("exchange.refusals.not_found"))
    return ProviderDownError(
        say("exchange.refusals.unreadable_status", status=status),
        ambiguous=True,
    )


def unreadable_answer_error(*, is_change: bool = False) -> ProviderDownError:
    """Return the error for a response that does not match Exchange's types."""
    return ProviderDownError(
        say("exchange.refusals.unreadable"),
        ambiguous=is_change,
    )


def _of_event(word: str) -> ProviderError | None:
    if word == "ErrorItemNotFound":
        return EventGoneError(say("exchange.refusals.event_gone"))
    if word in _CHANGED:
        return EventChangedError(say("exchange.calendar.event_changed"))
    if word == "ErrorExceededFindCountLimit":
        return FindLimitError(say("exchange.refusals.no_more"))
    return None


def _person_needed(word: str) -> ProviderError | None:
    if word in _ACCOUNT:
        return AccountRefusedError(say(SIGN_IN_REFUSED))
    if word in _NO_MAILBOX:
        return PermissionMissingError(say("exchange.refusals.account_without_mailbox"))
    if word in _ACCESS:
        return PermissionMissingError(say("exchange.refusals.not_allowed", word=word))
    if word in _VERSION:
        return ReconnectError(say("exchange.refusals.too_old", word=word))
    return None
