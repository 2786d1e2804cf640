"""Find and create calendars that can host appointments."""

from collections.abc import Mapping
from typing import Any

from invo_booking.domain.calendars.outside import HostCalendar
from invo_booking.domain.calendars.provider_errors import (
    PermissionMissingError,
    ProviderDownError,
    ProviderError,
)
from invo_booking.providers.calls import Call
from invo_booking.providers.google.api import Api, unreadable_answer_error
from invo_booking.providers.google.permissions import CREATED, LIST
from invo_booking.providers.google.reasons import ApiRefusedError
from invo_booking.texts import say

OWNER = "owner"


def host_calendars(api: Api) -> list[HostCalendar]:
    """Return the calendars the account owns: the primary first, the others by name."""
    rows = api.pages(
        Call(
            method="GET",
            path="/users/me/calendarList",
            query={
                "minAccessRole": OWNER,
                "maxResults": "250",
                "fields": "items(id,summary,primary,accessRole),nextPageToken",
            },
            needs=(LIST,),
            purpose=say("google.calendars.purpose_list"),
        )
    )
    sorted_rows = [(not row.get("primary"), _host(row)) for row in rows]
    sorted_rows.sort(key=lambda it: (it[0], it[1].name.lower(), it[1].id))
    return [host for _, host in sorted_rows]


def create_host_calendar(api: Api, name: str, zone: str) -> HostCalendar:
    """Create a calendar, which the account then owns."""
    made = api.ask(
        Call(
            method="POST",
            path="/calendars",
            body={"summary": name, "timeZone": zone},
            needs=(CREATED,),
            purpose=say("google.calendars.purpose_create"),
        )
    )
    return _host({**made, "accessRole": OWNER})


def own_entry(api: Api) -> dict[str, Any]:
    """Return the entry of the primary calendar, whose id is the account's address."""
    return api.ask(_entry_call("primary"))


def host_role(api: Api, host_id: str) -> str:
    """Return the account's ``accessRole`` for a calendar; empty if it is not listed."""
    try:
        return str(api.ask(_entry_call(host_id)).get("accessRole") or "")
    except ApiRefusedError as refused:
        if refused.is_missing:
            return ""
        raise


def missing_host_error(*, is_new: bool) -> ProviderError:
    """Return the error for a host calendar that is not found."""
    if is_new:
        return ProviderDownError(say("google.calendars.host_not_ready"))
    return PermissionMissingError(say("google.calendars.host_gone"))


def _entry_call(host_id: str) -> Call:
    return Call(
        method="GET",
        path="/users/me/calendarList/{calendar}",
        at={"calendar": host_id},
        query={"fields": "id,accessRole,primary"},
        needs=(LIST,),
        purpose=say("google.calendars.purpose_list"),
    )


def _host(row: Mapping[str, Any]) -> HostCalendar:
    name = row.get("id")
    if not isinstance(name, str) or not name:
        raise unreadable_answer_error(ambiguous=True)
    return HostCalendar(
        id=name,
        name=str(row.get("summary") or name),
        address=name,
        is_owner=row.get("accessRole") == OWNER,
    )
