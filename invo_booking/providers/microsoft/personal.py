"""Read an agent's own Outlook calendars, with the agent's own sign-in.

Source:
    learn.microsoft.com/graph/api/calendar-list-calendarview
"""

import threading
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from itertools import islice
from typing import Any, Final, cast
from zoneinfo import ZoneInfo

from invo_booking.domain.calendars.outside import Registration, SignIn
from invo_booking.domain.calendars.personal import (
    MOST_EVENTS,
    PersonalCalendar,
    PersonalEvent,
    PersonalGrant,
    PersonalListing,
)
from invo_booking.domain.interval import Interval
from invo_booking.providers.calls import Call
from invo_booking.providers.deadline import within_deadline
from invo_booking.providers.events import DAY, write_bound
from invo_booking.providers.http import VendorClient
from invo_booking.providers.microsoft import oauth, times
from invo_booking.providers.microsoft.graph import Graph
from invo_booking.providers.microsoft.oauth import Authority
from invo_booking.providers.microsoft.permissions import PROFILE
from invo_booking.providers.personal_events import (
    CONCURRENCY,
    SECONDS,
    own_link,
    read_personal_events,
    require_scopes,
    shown_title,
)
from invo_booking.texts import say

READ: Final = "Calendars.Read"
SCOPES: Final = (READ, PROFILE)
"""Scopes requested from an agent; MSAL adds the scopes of OpenID Connect."""

HOSTS = frozenset(
    {
        "outlook.office.com",
        "outlook.office365.com",
        "outlook.office365.us",
        "outlook.live.com",
        "partner.outlook.cn",
    }
)
FREE = frozenset({"free", "workingElsewhere"})
_PAGE = "500"
_SELECTED = (
    "subject,start,end,isAllDay,showAs,type,isCancelled,sensitivity,webLink,"
    "responseStatus"
)


class OutlookPersonal:
    """Outlook for agents' own calendars; see ``domain.calendars.ports.Personal``."""

    def __init__(
        self,
        caller: VendorClient,
        *,
        authority: str,
        graph: str,
        seconds: float = SECONDS,
    ) -> None:
        """Create the object without calling Microsoft.

        Args:
            authority: Base URL of the sign-in.
            graph: Base URL of Graph.
            seconds: Time limit of a single call, and of all calls within ``deadline``
                together.
        """
        self._authority = Authority(caller, authority, seconds=seconds, scopes=SCOPES)
        self._caller, self._graph, self._seconds = caller, graph, seconds

    def deadline(self) -> AbstractContextManager[None]:
        """Limit all calls in this thread to one common deadline."""
        return within_deadline(self._seconds)

    def begin(self, by: Registration, redirect_uri: str, state: str) -> SignIn:
        """Start a sign-in that the agent finishes in the browser."""
        return self._authority.begin(by, redirect_uri, state)

    def finish(
        self, by: Registration, flow: str, answer: Mapping[str, str], now: datetime
    ) -> PersonalGrant:
        """Convert the parameters of Microsoft's redirect to a grant."""
        grant = self._authority.finish(by, flow, answer, now)
        require_scopes((READ,), grant.scopes, "Microsoft")
        return PersonalGrant(
            account=grant.account,
            refresh_token=oauth.lasting_token(grant),
            access_token=oauth.access_token(grant),
            expires_at=grant.expires_at,
        )

    def renew(
        self, by: Registration, account: str, refresh_token: str, now: datetime
    ) -> PersonalGrant:
        """Return a grant with a new access token."""
        access, lasting, ends = self._authority.refresh(by, refresh_token, now)
        return PersonalGrant(
            account=account,
            refresh_token=lasting,
            access_token=access,
            expires_at=ends,
        )

    def revoke(self, refresh_token: str, now: datetime) -> bool:
        """Return ``False``: Microsoft has no call to revoke a single sign-in."""
        del refresh_token, now
        return False

    def calendars(self, token: Callable[[bool], str]) -> list[PersonalCalendar]:
        """Return the calendars of the account, its primary calendar first."""
        call = Call(
            method="GET",
            path="/me/calendars",
            query={"$select": "id,name,isDefaultCalendar", "$top": "100"},
            needs=(READ,),
            purpose=say("microsoft.personal.purpose_list"),
        )
        with within_deadline(self._seconds):
            rows = list(islice(self._open(token).pages(call), MOST_EVENTS))
        listed = [_calendar(row) for row in rows if isinstance(row.get("id"), str)]
        return sorted(listed, key=lambda it: (not it.is_primary, it.name.lower()))

    def events(
        self,
        token: Callable[[bool], str],
        calendar_id: str,
        window: Interval,
        zone: ZoneInfo,
    ) -> PersonalListing:
        """Return the events of a calendar that take time in a window.

        Microsoft may return all-day events as midnights in any zone, so the request
        covers one more day on either side.
        """
        widened = window.widen(DAY, DAY)
        path = "/me/calendars/{calendar}/calendarView" if calendar_id else _OWN_VIEW
        call = Call(
            method="GET",
            path=path,
            at={"calendar": calendar_id},
            query={
                "startDateTime": write_bound(widened.start),
                "endDateTime": write_bound(widened.end),
                "$select": _SELECTED,
                "$top": _PAGE,
            },
            needs=(READ,),
            purpose=say("microsoft.personal.purpose_events"),
        )
        with within_deadline(self._seconds):
            rows = list(islice(self._open(token).pages(call), MOST_EVENTS + 1))
        return read_personal_events(
            (row for row in rows if _takes_time(row)),
            lambda row: _event(row, zone),
            window,
            is_complete=len(rows) <= MOST_EVENTS,
        )

    def _open(self, token: Callable[[bool], str]) -> Graph:
        gate = threading.BoundedSemaphore(CONCURRENCY)
        return Graph(self._caller, self._graph, token, gate=gate, seconds=self._seconds)


_OWN_VIEW = "/me/calendarView"


def _calendar(row: Mapping[str, Any]) -> PersonalCalendar:
    return PersonalCalendar(
        id=row["id"],
        name=shown_title(row.get("name")),
        is_primary=bool(row.get("isDefaultCalendar")),
    )


def _takes_time(row: Mapping[str, Any]) -> bool:
    return (
        not row.get("isCancelled")
        and row.get("showAs") not in FREE
        and not _is_declined(row)
    )


def _is_declined(row: Mapping[str, Any]) -> bool:
    status = row.get("responseStatus")
    if not isinstance(status, dict):
        return False
    return cast("dict[str, Any]", status).get("response") == "declined"


def _event(row: Mapping[str, Any], zone: ZoneInfo) -> PersonalEvent:
    is_private = row.get("sensitivity", "normal") != "normal"
    return PersonalEvent(
        period=times.event_period(row, zone),
        title="" if is_private else shown_title(row.get("subject")),
        link=own_link(row.get("webLink"), HOSTS),
        is_all_day=row.get("isAllDay") is True,
        is_private=is_private,
        is_recurring=row.get("type", "singleInstance") != "singleInstance",
    )
