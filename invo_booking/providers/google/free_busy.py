"""Read when agents are busy: ranges of time, without entries or titles.

Google merges events that overlap or touch into one range. Google returns the same error
for a calendar that does not exist and for a calendar that is not shared with the
account. Such an error does not mean that the agent is free.

Source:
    developers.google.com/workspace/calendar/api/v3/reference/freebusy/query
"""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from invo_booking.domain.calendars.outside import Availability
from invo_booking.domain.calendars.provider_errors import (
    MailboxUnknownError,
    PermissionMissingError,
    ProviderDownError,
    ProviderError,
)
from invo_booking.domain.interval import Interval
from invo_booking.providers.calls import Call
from invo_booking.providers.events import write_bound
from invo_booking.providers.google import times
from invo_booking.providers.google.api import Api, unreadable_answer_error
from invo_booking.providers.google.permissions import FREE_BUSY
from invo_booking.texts import say

MOST_CALENDARS = 50
_TOO_MANY = "tooManyCalendarsRequested"


def ask_free_busy(
    api: Api, mailboxes: Sequence[str], window: Interval, account: str
) -> list[Availability]:
    """Ask when mailboxes are busy; see ``BackendCalendar.free_busy``.

    Args:
        api: The connected account.
        mailboxes: Addresses of the mailboxes.
        window: The time for which busy ranges are requested.
        account: Address of the connected account.

    Raises:
        ProviderDownError: If Google refuses this number of mailboxes in one call. The
            caller then asks for each mailbox separately.
    """
    answer = api.ask(_question(mailboxes, window))
    calendars, groups = _objects(answer, "calendars"), _objects(answer, "groups")
    by_name = {name.lower(): row for name, row in calendars.items()}
    if len(mailboxes) > 1 and all(_reason(it) == _TOO_MANY for it in by_name.values()):
        raise ProviderDownError(say("google.free_busy.too_many"))
    grouped = {name.lower() for name in groups}
    return [
        Availability(mailbox, problem=_group(mailbox))
        if mailbox.lower() in grouped
        else _availability(mailbox, by_name.get(mailbox.lower()), window, account)
        for mailbox in mailboxes
    ]


def _question(mailboxes: Sequence[str], window: Interval) -> Call:
    return Call(
        method="POST",
        path="/freeBusy",
        body={
            "timeMin": write_bound(window.start),
            "timeMax": write_bound(window.end),
            "timeZone": "UTC",
            "calendarExpansionMax": MOST_CALENDARS,
            "items": [{"id": mailbox} for mailbox in mailboxes],
        },
        is_question=True,
        needs=(FREE_BUSY,),
        purpose=say("google.free_busy.purpose"),
    )


def _objects(answer: Mapping[str, Any], name: str) -> dict[str, Any]:
    value = answer.get(name, {} if name == "groups" else None)
    if not isinstance(value, dict):
        raise unreadable_answer_error()
    return cast("dict[str, Any]", value)


def _availability(
    mailbox: str, row: Any, window: Interval, account: str
) -> Availability:
    if reason := _reason(row):
        return Availability(mailbox, problem=_problem(mailbox, reason, account))
    try:
        spans = [times.busy_span(entry, window) for entry in row["busy"]]
    except (AttributeError, KeyError, TypeError, ValueError):
        return Availability(mailbox, problem=_unreadable(mailbox))
    busy = tuple(span for span in spans if span)
    return Availability(mailbox, busy, is_merged=True)


def _reason(row: Any) -> str:
    """Return Google's reason for an error of one calendar.

    Empty if there is no error; ``"unknown"`` if the reason cannot be read.
    """
    errors: Any = cast("dict[str, Any]", row).get("errors") if _is_object(row) else ()
    if not errors:
        return ""
    try:
        return str(errors[0]["reason"])
    except (IndexError, KeyError, TypeError):
        return "unknown"


def _is_object(value: Any) -> bool:
    return isinstance(value, dict)


def _problem(mailbox: str, reason: str, account: str) -> ProviderError:
    """Return our error for Google's error of one calendar.

    In the account's own domain, the mailbox most likely exists, but its calendar is not
    shared with the account. In other domains, Google finds only calendars shared with
    the account.
    """
    if reason != "notFound":
        return ProviderDownError(
            say("google.free_busy.unavailable", mailbox=mailbox),
            provider_code=reason,
        )
    sentence = say(
        "google.free_busy.not_visible",
        mailbox=mailbox,
        value=account or say("google.free_busy.connected_account"),
    )
    is_colleague = _domain(mailbox) == _domain(account)
    kind = PermissionMissingError if is_colleague else MailboxUnknownError
    return kind(sentence, provider_code=reason)


def _domain(address: str) -> str:
    return address.rpartition("@")[2].lower()


def _group(mailbox: str) -> ProviderDownError:
    return ProviderDownError(say("google.free_busy.is_group", mailbox=mailbox))


def _unreadable(mailbox: str) -> ProviderDownError:
    return ProviderDownError(say("google.free_busy.unreadable", mailbox=mailbox))
