"""The calendars somebody has in the list, and new ones."""

from typing import Any

from tests.support.google.calendars import Calendar, Calendars
from tests.support.google.people import Grant
from tests.support.google.wire import invalid, not_found
from tests.support.vendor.wire import Call, Reply

RANKS = ("freeBusyReader", "reader", "writer", "owner")


def list_calendars(state: Calendars, call: Call, grant: Grant) -> Reply:
    """Answer the calendars of an account, page by page."""
    email = grant.person.email
    state.calendar(email)
    least = RANKS.index(call.query.get("minAccessRole", RANKS[0]))
    mine = [
        it
        for it in state.calendars.values()
        if (role := it.role(email)) and RANKS.index(role) >= least
    ]
    size = min(int(call.query.get("maxResults", "100")), 250, state.page_limit)
    token = call.query.get("pageToken", "0")
    first = int(token) if token.isdecimal() else 0
    body: dict[str, Any] = {
        "kind": "calendar#calendarList",
        "etag": '"p32c"',
        "items": [_row(it, email) for it in mine[first : first + size]],
    }
    if len(mine) > first + size:
        body["nextPageToken"] = str(first + size)
    return Reply(body=body)


def get_listed(state: Calendars, _: Call, grant: Grant, name: str) -> Reply:
    """Answer one calendar of the list."""
    email = grant.person.email
    calendar = state.calendar(email if name == "primary" else name)
    if calendar is None or not calendar.role(email):
        raise not_found()
    return Reply(body=_row(calendar, email))


def insert_calendar(state: Calendars, call: Call, grant: Grant) -> Reply:
    """Make a calendar, which its maker owns."""
    asked = call.body if isinstance(call.body, dict) else {}
    if not asked.get("summary"):
        raise invalid("Missing title.", "required")
    made = state.add_calendar(
        asked["summary"],
        grant.person.email,
        zone=asked.get("timeZone", "UTC"),
        is_app_created=True,
    )
    return Reply(
        body={
            "kind": "calendar#calendar",
            "etag": '"aG"',
            "id": made.id,
            "summary": made.summary,
            "timeZone": made.zone,
        }
    )


def _row(calendar: Calendar, email: str) -> dict[str, Any]:
    row: dict[str, Any] = {
        "kind": "calendar#calendarListEntry",
        "etag": '"1"',
        "id": calendar.id,
        "summary": calendar.summary,
        "timeZone": calendar.zone,
        "accessRole": calendar.role(email),
        "selected": True,
        "defaultReminders": [],
    }
    return row | ({"primary": True} if calendar.id == email else {})
