"""Convert the codes with which Exchange refuses a call to our errors.

Only codes are repeated: Exchange's own words may hold the subject of an item.

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
from invo_booking.providers.http import LONGEST_WAIT, USUAL_WAIT

SETTINGS: Final = "the page Calendars of Manage Settings"
SIGN_IN_REFUSED: Final = (
    "Exchange does not accept the user name and the password. Exchange answers alike "
    "if the password is wrong or has expired and if the account is locked or disabled. "
    f"Correct the Exchange password on {SETTINGS}, or have the account unlocked."
)

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
    """Exchange finds more than it returns at once."""


def error_of_code(
    code: str, *, wait: timedelta | None = None, is_change: bool = False
) -> ProviderError:
    """Return the error that a code means.

    Args:
        code: Exchange's code.
        wait: For how long Exchange asks for patience; ``None`` if it does not say.
        is_change: Whether the call was to change something.
    """
    word = code if _CODE.fullmatch(code) else ""
    if word in _BUSY:
        return ThrottledError(
            "Exchange is busy and asks for patience. It is asked again by itself.",
            min(wait or USUAL_WAIT, LONGEST_WAIT),
        )
    if error := _of_event(word) or _person_needed(word):
        return error
    suffix = f" ({word})" if word else ""
    if _OURS.match(word):
        return ProviderRefusedError(
            f"Exchange does not take this request{suffix}. It is not sent again as it "
            "is."
        )
    return ProviderDownError(
        f"Exchange has trouble of its own{suffix}. It is tried again by itself.",
        ambiguous=is_change and word != "ErrorInternalServerTransientError",
    )


def error_of_mailbox(
    mailbox: str, code: str, wait: timedelta | None = None
) -> ProviderError:
    """Return why a mailbox's busy times are not known.

    Args:
        mailbox: The address that was asked about.
        code: Exchange's code for it.
        wait: For how long Exchange asks for patience; ``None`` if it does not say.
    """
    if code in _BUSY:
        return error_of_code(code, wait=wait)
    if code in UNKNOWN_MAILBOX:
        return MailboxUnknownError(
            f"Exchange knows no mailbox {mailbox}. Correct the address on the page "
            "People."
        )
    if code in _ACCESS:
        return PermissionMissingError(
            f"Exchange does not let the service account see when {mailbox} is busy. "
            "Let the mailbox share at least free and busy times with the organization "
            "(in Exchange the permission AvailabilityOnly of Default)."
        )
    return ProviderDownError(
        f"Exchange cannot tell at the moment when {mailbox} is busy. It is tried again "
        "by itself."
    )


def error_of_status(status: int) -> ProviderError:
    """Return what an answer that is none of Exchange's interface means."""
    if status == HTTPStatus.FORBIDDEN:
        return PermissionMissingError(
            "Exchange does not let the service account use its web services (403). "
            "Have EWS switched on for the account (Set-CASMailbox -EwsEnabled), and "
            "allow this application there."
        )
    if status == HTTPStatus.NOT_FOUND:
        return ReconnectError(
            "There are no Exchange web services at the address of the webmail server "
            f"(404). Correct it on {SETTINGS}."
        )
    return ProviderDownError(
        f"Exchange sent an answer that cannot be read ({status}). It is tried again by "
        "itself.",
        ambiguous=True,
    )


def unreadable_answer_error(*, is_change: bool = False) -> ProviderDownError:
    """Return the error for an answer that does not match Exchange's types."""
    return ProviderDownError(
        "Exchange sent an answer that cannot be read. It is tried again by itself.",
        ambiguous=is_change,
    )


def _of_event(word: str) -> ProviderError | None:
    if word == "ErrorItemNotFound":
        return EventGoneError("The event is not there any more.")
    if word in _CHANGED:
        return EventChangedError("Somebody has changed the event in Exchange.")
    if word == "ErrorExceededFindCountLimit":
        return FindLimitError("Exchange returns no more events at once.")
    return None


def _person_needed(word: str) -> ProviderError | None:
    if word in _ACCOUNT:
        return AccountRefusedError(SIGN_IN_REFUSED)
    if word in _NO_MAILBOX:
        return PermissionMissingError(
            "The service account has no mailbox with a calendar on this Exchange "
            "server. Give it one, or enter another account."
        )
    if word in _ACCESS:
        return PermissionMissingError(
            f"Exchange does not let the service account do this ({word}). It needs its "
            "own mailbox with full access to its calendar."
        )
    if word in _VERSION:
        return ReconnectError(
            f"The Exchange server is older than Exchange 2013 ({word}), which cannot "
            "be connected. Enter the address of a newer one."
        )
    return None
