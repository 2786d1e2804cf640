"""``getSchedule``: when many mailboxes are busy."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from tests.support.microsoft.calendars import Calendars
from tests.support.microsoft.entries import Entry
from tests.support.microsoft.instants import instant, written
from tests.support.microsoft.wire import RefusalError
from tests.support.vendor.wire import Call, Reply

MOST_MAILBOXES = 100
DOCUMENTED_MAILBOXES = 20
TIMES = {"start", "end"}
LONGEST = timedelta(days=62)
DIGITS = {
    "free": "0",
    "workingelsewhere": "0",
    "tentative": "1",
    "busy": "2",
    "oof": "3",
}
"""That of working elsewhere is the one of free.

Source:
    learn.microsoft.com/graph/api/resources/scheduleinformation: "Working elsewhere is
    set to 0 instead of 4 for backward compatibility"
    github.com/microsoftgraph/msgraph-metadata/issues/598
"""

WORDS = {
    "ErrorMailRecipientNotFound": "Unable to resolve e-mail address to an AD object.",
    "ErrorNoFreeBusyAccess": "The caller does not have access to free/busy data.",
}


def get_schedule(world: Calendars, call: Call) -> Reply:
    """Answer for each mailbox asked for, in the order asked."""
    body = call.body if isinstance(call.body, dict) else {}
    start, end = _window(body)
    interval = _interval(body, end - start)
    zone = call.prefer("outlook.timezone", "UTC")
    inviting = world.inviting()
    found = [
        _one(
            world,
            address,
            world.seen_by(address, start, end, inviting=inviting),
            (start, end),
            interval,
            zone,
        )
        for address in _addresses(body.get("schedules"))
    ]
    return Reply(body={"value": found})


def _window(body: dict[str, Any]) -> tuple[datetime, datetime]:
    start, end = instant(body.get("startTime")), instant(body.get("endTime"))
    if end <= start:
        raise RefusalError(
            400,
            "ErrorInvalidTimeInterval",
            "The time duration specified for FreeBusyViewOptions.TimeWindow is "
            "invalid.",
        )
    if end - start > LONGEST:
        raise RefusalError(
            400,
            "ErrorTimeIntervalTooBig",
            "The requested time duration specified for FreeBusyViewOptions.TimeWindow "
            f"is too long. The allowed limit = {LONGEST.days} days; "
            f"the actual limit = {(end - start).days} days.",
        )
    return start, end


def _interval(body: dict[str, Any], window: timedelta) -> timedelta:
    minutes = body.get("availabilityViewInterval", 30)
    if minutes is None:
        raise RefusalError(500, "InternalServerError", "Value cannot be null.")
    if not 5 <= minutes <= 1440 or timedelta(minutes=minutes) > window:
        raise RefusalError(
            400,
            "ErrorInvalidMergedFreeBusyInterval",
            "The specified merged free/busy interval is not valid. Specify an interval "
            "that is less than the free/busy time window and between 5 and 1440 "
            "minutes.",
        )
    return timedelta(minutes=minutes)


def _addresses(asked: Any) -> list[str]:
    if not asked:
        raise RefusalError(
            400, "ErrorInvalidParameter", "The schedules are missing or empty."
        )
    if len(asked) > MOST_MAILBOXES:
        raise RefusalError(
            400,
            "ErrorMailboxDataArrayTooBig",
            "There are too many target users in the EmailAddress array. The allowed "
            f"size = {MOST_MAILBOXES}; the actual size = {len(asked)}.",
        )
    return list(asked)


def _one(
    world: Calendars,
    address: str,
    seen: Iterable[Entry],
    window: tuple[datetime, datetime],
    interval: timedelta,
    zone: str,
) -> dict[str, Any]:
    code = world.schedule_errors.get(address.lower())
    if code:
        error = {"message": WORDS.get(code, "Try again later."), "responseCode": code}
        return {"scheduleId": address, "scheduleItems": [], "error": error}
    entries = sorted((e for e in seen if not _cancelled(e)), key=lambda e: e.start)
    return {
        "scheduleId": address,
        "availabilityView": _view(entries, *window, interval),
        "scheduleItems": [_item(entry, zone) for entry in entries],
        "workingHours": {
            "daysOfWeek": ["monday", "tuesday", "wednesday", "thursday", "friday"],
            "startTime": "08:00:00.0000000",
            "endTime": "17:00:00.0000000",
            "timeZone": {"name": "UTC"},
        },
        **world.schedule_oddities.get(address.lower(), {}),
    }


def _item(entry: Entry, zone: str) -> dict[str, Any]:
    fields = entry.fields
    return {
        "isPrivate": fields["sensitivity"] == "private",
        "status": fields["showAs"],
        "subject": fields["subject"],
        "location": fields["location"]["displayName"],
        "start": written(entry.start, zone),
        "end": written(entry.end, zone),
        **{name: entry.oddities[name] for name in TIMES & entry.oddities.keys()},
    }


def _view(
    entries: list[Entry], start: datetime, end: datetime, interval: timedelta
) -> str:
    digits = ["0"] * -(-(end - start) // interval)
    for entry in entries:
        first = max(0, (entry.start - start) // interval)
        behind = min(len(digits), -(-(entry.end - start) // interval))
        for position in range(first, behind):
            digits[position] = max(digits[position], _digit(entry))
    return "".join(digits)


def _digit(entry: Entry) -> str:
    return DIGITS.get(entry.fields["showAs"].lower(), "4")


def _cancelled(entry: Entry) -> bool:
    return bool(entry.fields["isCancelled"])
